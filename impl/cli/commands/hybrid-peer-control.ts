import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import {
  type HybridPeer,
  type HybridPeerOptions,
  type ListenOptions,
  startHybridPeer,
} from "../../hybrid-peer/index.js";
import { print, UsageError } from "../output.js";
import { createLogger } from "../service.js";
import { onceSignalled } from "../until-signal.js";
import { endpoint } from "../values.js";
import { createActor, type HybridPeerActor, type Wishes } from "./hybrid-peer-actions.js";
import { type Options, settingsOf } from "./hybrid-peer-options.js";

/** `mp2p hybrid-peer control`: does what lines of JSON on standard input ask for, and ends with them. */
export async function control(options: Options, command: Command): Promise<void> {
  let peer: HybridPeer | undefined;
  let actor: HybridPeerActor | undefined;
  const logger = createLogger(options.logLevel);
  const say = (answer: object): void => print(answer, true);
  const handle = async ({ id, do: action, ...wishes }: Wishes): Promise<void> => {
    try {
      if (action === "start") {
        const { url, case: _, actions: __, ...settings } = wishes;
        await peer?.close();
        peer = await startHybridPeer({
          ...settingsOf(options, command, isWish(settings.listen)),
          ...(typeof url === "string" && { homs: url }),
          ...(typeof settings["peer-id"] === "string" && { peerId: settings["peer-id"] }),
          ...pathsOf(settings),
          logger,
        });
        actor = createActor(peer, settings, say);
        const { peerId, address } = peer;
        const listening = isWish(settings.listen) ? { address } : {};
        return say({ id, ok: true, result: { "peer-id": peerId, ...listening } });
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
  onceSignalled(() => {
    signalled = true;
    lines.close();
  });
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

export const isWish = (listen: unknown): boolean => listen !== undefined && listen !== false;

/** What the suite calls the limits that are declared to it, beside this project's own names in `paths`. */
const limits: Readonly<Record<string, string>> = {
  "max-primary": "maxPrimary",
  "outgoing-candidates": "outgoingCandidates",
  "max-incoming-candidates": "maxIncomingCandidates",
};

/**
 * `"listen": true`, `"127.0.0.1:9000"` or `{"host":…,"port":…}`: paths to other peers. `"paths": {…}`: their settings, `"profile"`: the
 * spelling of their frames.
 */
export function pathsOf(wishes: Wishes): Partial<HybridPeerOptions> {
  const { listen, paths, profile } = wishes;
  const where = typeof listen === "string" ? endpoint(listen) : typeof listen === "object" ? listen : undefined;
  const named = Object.entries(limits).filter(([name]) => wishes[name] !== undefined);
  const limited = Object.fromEntries(named.map(([name, setting]) => [setting, Number(wishes[name])]));
  const given = typeof paths === "object" && paths !== null ? paths : {};
  return {
    ...(where && { listen: where as ListenOptions }),
    ...(paths !== undefined || named.length > 0 ? { paths: { ...given, ...limited } } : {}),
    ...(profile === "p23" || profile === "p22" || profile === "p20" ? { profile } : {}),
  };
}

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
