import { expect } from "vitest";
import { createIxsClient } from "../../../../generated/ixs/index.js";
import { type DataSource, startDataSource } from "../../../data-source/data-source.js";
import { startIxsServer } from "../../../ixs/index.js";
import { type OmsServerOptions, startOmsServer } from "../../../oms/index.js";
import { createPeer, type Session } from "../../../peer/index.js";
import { createRecordReader, type ReadRecord } from "../../../records/index.js";
import { createMemoryStore } from "../../../store/index.js";
import {
  type SourcePeer,
  type StreamingNews,
  type StreamingSessionOptions,
  startSourcePeer,
  startStreamingSession,
} from "../../index.js";

/** What a test has opened; it is closed in reverse. */
export const open: { close(): Promise<unknown> }[] = [];
export async function closeAll(): Promise<void> {
  for (const one of open.splice(0).reverse()) await one.close();
}
export function keep<T extends { close(): Promise<unknown> }>(one: T): T {
  open.push(one);
  return one;
}

const admin = "administrator";
/** So long that a busy machine does not make live data late. */
export const delayMs = 60_000;
export async function servers(oms: Partial<OmsServerOptions> = {}) {
  const ixs = keep(await startIxsServer({ store: keep(createMemoryStore()), adminTokens: [admin] }));
  const managed = keep(await startOmsServer({ store: keep(createMemoryStore()), ...oms }));
  return { oms: managed.url, ixs: ixs.url, server: managed };
}

export async function streaming(
  at: { oms: string; ixs: string },
  change: Partial<StreamingSessionOptions> = {},
  control = false,
) {
  const sourcePeer = keep(await startSourcePeer({ id: 100, ...(control ? {} : { control: false }) }));
  const peer = keep(await createPeer({ ixs: at.ixs, times: { answerMs: 500, retryMs: 20, leaveMs: 1_000 } }));
  const session = keep(
    startStreamingSession({
      ...at,
      peer,
      sourcePeer,
      title: "weather",
      fragmentSize: 1024,
      flushMs: 10,
      lingerMs: 50,
      drainMs: 50,
      retryMs: 20,
      session: { settings: { delayMs } },
      ...change,
    }),
  );
  const news: StreamingNews[] = [];
  session.onNews((one) => news.push(one));
  return { sourcePeer, session, news };
}

export async function source(sourcePeer: SourcePeer, id: number): Promise<DataSource> {
  const one = keep(await startDataSource({ id, sourcePeer: `udp://127.0.0.1:${sourcePeer.udp?.port}` }));
  await one.registered();
  return one;
}

export const until = (look: () => unknown): ReturnType<typeof expect.poll> =>
  expect.poll(look, { timeout: 15_000, interval: 10 });

export async function listed(ixs: string) {
  const { body } = await createIxsClient({ baseUrl: ixs }).IXS_INDEX_FILE_QUERY();
  const files = (body as { index_file_list: { index_file: { data_source_id: string; overlay_network_id: string }[] } })
    .index_file_list.index_file;
  return files;
}
export const sources = async (ixs: string) => (await listed(ixs)).map(({ data_source_id }) => data_source_id).sort();

/** Reads data until there are so many. */
export async function read(session: Session, count: number): Promise<ReadRecord[]> {
  const reader = createRecordReader();
  const records: ReadRecord[] = [];
  for await (const { octets, missed } of session.read()) {
    records.push(...reader.push(octets, missed));
    if (records.length >= count) break;
  }
  return records;
}
