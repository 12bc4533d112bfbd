import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Command, Option } from "commander";
import { createPeer, type Peer, type Session, type SourceSession } from "../../peer/index.js";
import { type ControlHandler, serveControlLines, Unsupported } from "../control-lines.js";
import { print } from "../output.js";
import { createLogger, type ServiceOptions } from "../service.js";
import { onceSignalled } from "../until-signal.js";
import { defined } from "../values.js";

type Wishes = Readonly<Record<string, unknown>>;

/** `mp2p peer control`: driven by lines of JSON, as the conformance suite drives a peer or a source peer. */
export function addControl(group: Command): void {
  group
    .command("control")
    .description('is driven by JSON lines on standard input; the first one is {"id":1,"do":"start","url":…}')
    .addOption(
      new Option("--log-level <level>", "structured log on standard error")
        .choices(["debug", "info", "warn", "error", "silent"])
        .default("silent"),
    )
    .action(control);
}

/** What is under way when the input ends has so long to come about, in ms. */
const graceMs = 2000;

async function control({ logLevel }: Pick<ServiceOptions, "logLevel">): Promise<void> {
  let wishes: Wishes = {};
  let peer: Promise<Peer> | undefined;
  let session: Promise<Session> | undefined;
  let source: Promise<SourceSession> | undefined;
  const opened = (): Promise<Peer> => {
    peer ??= createPeer(optionsFrom(wishes, logLevel));
    return peer;
  };
  // Lines are served side by side: what one needs of another is waited for.
  const joined = (): Promise<Session> => session ?? Promise.reject(new Unsupported("join comes first"));
  const created = (): Promise<SourceSession> => source ?? Promise.reject(new Unsupported("create-session comes first"));
  const closed = async (): Promise<void> => {
    const before = peer;
    peer = undefined;
    await (await before?.catch(() => undefined))?.close();
  };
  const handlers: Readonly<Record<string, (details: Wishes) => unknown>> = {
    start: async (details) => {
      const before = closed();
      wishes = details;
      peer = before.then(() => createPeer(optionsFrom(details, logLevel)));
      return { "peer-id": (await peer).peerId };
    },
    find: async (details) => ({ index_file: await (await opened()).find(queryOf({ ...wishes, ...details })) }),
    join: async (details) => {
      const told = { ...wishes, ...details };
      session = opened().then(async (own) => {
        const entry = texts(told, { password: "password", userId: "user-id", userCredential: "user-credential" });
        return await own.join(await own.find(queryOf(told)), entry);
      });
      return { "overlay-id": (await session).overlayId };
    },
    receive: async () => void hand(await joined()),
    "ask-for-peers": async () => await (await joined()).askForPeers(),
    channels: async (details) => {
      // Another user is another peer to the UMS.
      const asking = await createPeer({ ...optionsFrom({ ...wishes, ...details }, logLevel), listen: false });
      try {
        return { channels: await asking.channels() };
      } finally {
        await asking.close();
      }
    },
    leave: async () => await (await joined()).leave(),
    "create-session": async (details) => {
      source = opened().then((own) => own.createSession(creationFrom({ ...wishes, ...details })));
      return { "overlay-id": (await source).overlayId };
    },
    append: async ({ octets }) => await (await created()).append(Buffer.from(String(octets), "base64")),
    end: async () => await (await created()).end(),
    update: async (details) =>
      await (await created()).updateIndex(texts(details, { title: "title", description: "description" })),
    terminate: async () => await (await created()).terminate(),
  };
  const underWay = new Set<Promise<unknown>>();
  const tracked = Object.entries(handlers).map(([name, handle]): [string, ControlHandler] => [
    name,
    async (details) => {
      const handled = (async () => await handle(details))();
      const settled = handled.then(
        () => undefined,
        () => undefined,
      );
      underWay.add(settled);
      void settled.then(() => underWay.delete(settled));
      return await handled;
    },
  ]);
  let signalled = false;
  const end = (): void => {
    signalled = true;
    process.stdin.destroy();
  };
  onceSignalled(end);
  await serveControlLines(Object.fromEntries(tracked)).catch((error: unknown) => {
    if (!signalled) throw error;
  });
  if (!signalled) await Promise.race([Promise.all(underWay), sleep(graceMs, undefined, { ref: false })]);
  await closed();
}

async function hand(session: Session): Promise<void> {
  for await (const { index, octets } of session.read()) {
    const digest = createHash("sha256").update(octets).digest("hex");
    print({ event: "fragment", index, size: octets.length, digest }, true);
  }
}

function optionsFrom(wishes: Wishes, logLevel: ServiceOptions["logLevel"]) {
  const url = String(wishes.url);
  const number = (name: string): number | undefined => (wishes[name] === undefined ? undefined : Number(wishes[name]));
  const credential = wishes["user-credential"];
  return {
    ...texts(wishes, { peerId: "peer-id" }),
    ixs: url,
    prefer: ["low-rtt"] as const,
    ...(typeof credential === "string" && { ums: { url, credential } }),
    settings: defined({ requestMs: number("request-ms"), silenceMs: number("silence-ms") }),
    times: defined({ listMs: number("list-ms"), answerMs: number("answer-ms") }),
    logger: createLogger(logLevel),
  };
}

const queryOf = (wishes: Wishes) =>
  texts(wishes, { title: "title", dataSourceId: "data-source-id", dataId: "data-id" });

function creationFrom(wishes: Wishes) {
  const text = (name: string, otherwise: string): string =>
    wishes[name] === undefined ? otherwise : String(wishes[name]);
  const { peerlist, password, "refresh-expiration": expiration } = wishes;
  const peers = Array.isArray(peerlist) ? peerlist.map(String) : undefined;
  const closed = peers !== undefined || password !== undefined;
  return {
    oms: text("url", ""),
    ixs: text("url", ""),
    title: text("title", "session"),
    description: text("description", ""),
    dataSourceId: text("data-source-id", "source"),
    dataId: text("data-id", "data"),
    contentType: wishes["content-type"] === "FILE" ? ("FILE" as const) : ("STREAM" as const),
    fragmentSize: Number(wishes["fragment-size"] ?? 16_384),
    ...(closed && { closed: { ...defined({ peers }), ...texts(wishes, { password: "password" }) } }),
    ...(expiration !== undefined && { refreshExpiration: Number(expiration) }),
  };
}

/** The members that are there, under other names. */
function texts<Names extends Readonly<Record<string, string>>>(
  wishes: Wishes,
  names: Names,
): { readonly [Name in keyof Names]?: string } {
  const entries = Object.entries(names).filter(([, wish]) => wishes[wish] !== undefined);
  return Object.fromEntries(entries.map(([name, wish]) => [name, String(wishes[wish])])) as {
    readonly [Name in keyof Names]?: string;
  };
}
