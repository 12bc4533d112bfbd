import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { type HybridPeer, type HybridPeerOptions, startHybridPeer } from "../../hybrid-peer/index.js";
import { clientSettings } from "../client-options.js";
import { print, UsageError } from "../output.js";
import type { ServiceOptions } from "../service.js";
import { defined } from "../values.js";
import { createActor, type HybridPeerActor, type Wishes } from "./hybrid-peer-actions.js";

/** Options of all subcommands of `mp2p hybrid-peer`, as commander gives them. */
export interface PeerOptions extends Pick<ServiceOptions, "logLevel"> {
  peerId?: string;
  address: string;
  password?: string;
}

/** Those and the subcommand's own. */
export type Options = PeerOptions & Record<string, unknown>;

/** `mp2p hybrid-peer control`: does what lines of JSON on standard input ask for, and ends with them. */
export async function control(options: Options): Promise<void> {
  let peer: HybridPeer | undefined;
  let actor: HybridPeerActor | undefined;
  const say = (answer: object): void => print(answer, true);
  const handle = async ({ id, do: action, ...wishes }: Wishes): Promise<void> => {
    try {
      if (action === "start") {
        const { url, case: _, actions: __, ...settings } = wishes;
        await peer?.close();
        const address = { ...options, ...(typeof url === "string" && { homs: url }) };
        peer = await startHybridPeer(peerSettings({ ...address, ...peerOf(settings) }));
        actor = createActor(peer, settings);
        return say({ id, ok: true, result: { "peer-id": peer.peerId } });
      }
      if (actor === undefined) throw new UsageError("start comes first");
      const result = await actor.perform(String(action), wishes);
      say({ id, ok: true, ...(result === undefined ? {} : { result }) });
    } catch (error) {
      const { message } = error as Error;
      say(/^there is no action/.test(message) ? { id, unsupported: message } : { id, error: message });
    }
  };
  const lines = createInterface({ input: process.stdin });
  let signalled = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      signalled = true;
      lines.close();
    });
  }
  const underWay = new Set<Promise<void>>();
  for await (const line of lines) {
    if (line.trim() === "") continue;
    const wishes = parseWishes(line);
    const handled = handle(wishes).finally(() => underWay.delete(handled));
    underWay.add(handled);
    // One action does not wait for another, which may go on for as long as the HOMS is away; all wait for the start.
    if (wishes.do === "start") await handled;
  }
  if (!signalled) await Promise.race([Promise.all(underWay), sleep(GRACE_MS, undefined, { ref: false })]);
  await peer?.close();
}

/** What is under way when the input ends has so long to come about, in ms. */
const GRACE_MS = 2000;

const peerOf = (settings: Wishes): Partial<PeerOptions> =>
  typeof settings["peer-id"] === "string" ? { peerId: settings["peer-id"] } : {};

export function parseWishes(text: string): Wishes {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UsageError(`a JSON object is wanted, not ${text.slice(0, 100)}`);
  }
  return value as Wishes;
}

export function peerSettings(options: Options): HybridPeerOptions {
  const { baseUrl, timeoutMs, ...more } = clientSettings({ timeout: 10, ...options }, "HOMS");
  const { peerId, address, password } = options;
  return { homs: baseUrl, timeoutMs, address, ...defined({ peerId, password }), ...more };
}
