import { createHash } from "node:crypto";
import { type Command, Option } from "commander";
import { createPeer, type Peer, type Session, type SourceSession } from "../../peer/index.js";
import { type ControlHandler, serveControlLines, Unsupported } from "../control-lines.js";
import { print } from "../output.js";
import { createLogger, type ServiceOptions } from "../service.js";
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

async function control({ logLevel }: Pick<ServiceOptions, "logLevel">): Promise<void> {
  let wishes: Wishes = {};
  let peer: Peer | undefined;
  let session: Session | undefined;
  let source: SourceSession | undefined;
  const begun = async (more: Wishes = {}): Promise<Peer> => {
    wishes = { ...wishes, ...more };
    peer ??= await createPeer(optionsFrom(wishes, logLevel));
    return peer;
  };
  const joined = (): Session => {
    if (session === undefined) throw new Unsupported("join comes first");
    return session;
  };
  const created = (): SourceSession => {
    if (source === undefined) throw new Unsupported("create-session comes first");
    return source;
  };
  const handlers: Readonly<Record<string, ControlHandler>> = {
    start: async (details) => {
      await peer?.close();
      peer = undefined;
      wishes = details;
      const { peerId } = await begun();
      return { "peer-id": peerId };
    },
    find: async (details) => ({ index_file: await (await begun()).find(queryOf({ ...wishes, ...details })) }),
    join: async (details) => {
      const own = await begun();
      const told = { ...wishes, ...details };
      const entry = texts(told, { password: "password", userId: "user-id", userCredential: "user-credential" });
      session = await own.join(await own.find(queryOf(told)), entry);
      return { "overlay-id": session.overlayId };
    },
    receive: () => void hand(joined()),
    "ask-for-peers": () => joined().askForPeers(),
    channels: async (details) => {
      // Another user is another peer to the UMS.
      const told = { ...wishes, ...details };
      const asking = await createPeer({ ...optionsFrom(told, logLevel), listen: false });
      try {
        return { channels: await asking.channels() };
      } finally {
        await asking.close();
      }
    },
    leave: async () => {
      await joined().leave();
      session = undefined;
    },
    "create-session": async (details) => {
      source = await (await begun()).createSession(creationFrom({ ...wishes, ...details }));
      return { "overlay-id": source.overlayId };
    },
    append: async ({ octets }) => await created().append(Buffer.from(String(octets), "base64")),
    end: async () => await created().end(),
    update: async (details) =>
      await created().updateIndex(texts(details, { title: "title", description: "description" })),
    terminate: async () => {
      await created().terminate();
      source = undefined;
    },
  };
  process.once("SIGTERM", () => process.stdin.destroy());
  await serveControlLines(handlers);
  await peer?.close();
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
