import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { confine } from "../child.js";
import { type Content, makeContent } from "./content.js";

/** One end of a transfer, in a process of its own. What `give` gives back is for the other end's `take`. */
export interface Party {
  /** Makes everything ready that another process takes. */
  give(content: Content): Promise<unknown>;
  /** Resolves when everything is there and verified. */
  take(from: unknown, digest: string): Promise<void>;
  /** The transfer is over. */
  forget(): Promise<void> | void;
}

/** A pair of processes: one gives, the other takes. */
export interface Pair {
  /** Seconds, and the processor time of giver and taker in seconds. */
  transfer(): Promise<{ readonly seconds: number; readonly giver: number; readonly taker: number }>;
  stop(): Promise<void>;
}

interface Taken {
  readonly seconds: number;
  readonly cpu: number;
}

/** @returns a string where this machine lacks what the contender needs: what to install */
export async function startPair(name: string): Promise<Pair | string> {
  const [giver, taker] = [startEnd(name, 0), startEnd(name, 1)];
  const ready = await Promise.all([giver.ready, taker.ready]);
  const absent = ready.find((one) => typeof one === "string");
  if (typeof absent === "string") {
    await Promise.all([giver.stop(), taker.stop()]);
    return absent;
  }
  return {
    async transfer() {
      const ticket = await giver.ask(["give"]);
      const { seconds, cpu } = (await taker.ask(["take", ticket])) as Taken;
      const given = (await giver.ask(["forget"])) as number;
      await taker.ask(["forget"]);
      return { seconds, giver: given, taker: cpu };
    },
    stop: async () => void (await Promise.all([giver.stop(), taker.stop()])),
  };
}

type Request = readonly ["give"] | readonly ["take", ticket: unknown] | readonly ["forget"] | readonly ["stop"];

/** Both would run on one processor now and then, by luck. */
function startEnd(name: string, processor: 0 | 1) {
  const child = fork(fileURLToPath(new URL(`./servers/${name}.js`, import.meta.url)), { stdio: "inherit" });
  if (child.pid !== undefined) confine(child.pid, processor);
  const answer = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const gone = (code: number | null): void => reject(new Error(`${name} ended with ${code}`));
      child.once("exit", gone);
      child.once("message", (message) => {
        child.off("exit", gone);
        resolve(message);
      });
    });
  return {
    ready: answer(),
    ask(request: Request): Promise<unknown> {
      child.send(request);
      return answer();
    },
    stop: (): Promise<void> =>
      new Promise((resolve) => {
        if (child.exitCode !== null) return resolve();
        child.once("exit", () => resolve());
        if (child.connected) child.send(["stop"]);
      }),
  };
}

/** The processes' side: `start` gives a string where something is not installed. */
export async function serveParty(start: () => Promise<Party | string>): Promise<void> {
  const party = await start();
  // A bench that was cut short leaves nobody behind.
  process.on("disconnect", () => process.exit(1));
  if (typeof party === "string") {
    process.send?.(party, () => process.exit(0));
    return;
  }
  const content = makeContent();
  const cpu = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  };
  let before = 0;
  process.on("message", async (request: Request) => {
    if (request[0] === "give") {
      const ticket = await party.give(content);
      before = cpu();
      process.send?.(ticket);
    } else if (request[0] === "take") {
      const [since, used] = [performance.now(), cpu()];
      await party.take(request[1], content.digest);
      process.send?.({ seconds: (performance.now() - since) / 1000, cpu: cpu() - used } satisfies Taken);
    } else if (request[0] === "forget") {
      process.send?.(cpu() - before);
      await party.forget();
    } else process.exit(0);
  });
  process.send?.(true);
}
