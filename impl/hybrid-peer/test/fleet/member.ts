import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { PathState } from "../../core/ports.js";
import type { Command, PeerOrders, Told } from "./protocol.js";

/** A peer process, as its parent sees it. */
export interface Member {
  readonly peerId: string;
  readonly child: ChildProcess;
  /** When it first had a place in the tree. */
  readonly placedAt: number | undefined;
  /** What it told last of its parent. */
  readonly parent: string | undefined;
  readonly isRunning: boolean;
  joined(): Promise<void>;
  tell(command: Command): void;
  paths(): Promise<readonly PathState[]>;
  /** Resolves when the process is gone. */
  kill(): Promise<void>;
}

const module = fileURLToPath(new URL("./peer-process.ts", import.meta.url));
const runner = fileURLToPath(new URL("../../../../tools/test/run-typescript.mjs", import.meta.url));

export function startMember(orders: PeerOrders, hear: (member: Member, told: Told) => void): Member {
  const child = fork(module, [JSON.stringify(orders)], {
    execArgv: ["--import", runner],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const { peerId } = orders;
  let isRunning = true;
  let placedAt: number | undefined;
  let parent: string | undefined;
  let answer: ((paths: readonly PathState[]) => void) | undefined;
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => {
      isRunning = false;
      answer?.([]);
      resolve();
    });
  });
  const joined = new Promise<void>((resolve, reject) => {
    child.on("message", (told: Told) => {
      if (told.kind === "joined") resolve();
      if (told.kind === "parent") parent = told.peerId;
      if ((told.kind === "parent" && told.peerId !== undefined) || told.kind === "root") placedAt ??= told.at;
      if (told.kind === "paths") answer?.(told.paths);
      hear(member, told);
    });
    exited.then(() => reject(new Error(`${peerId} ended before it had joined`)));
  });
  joined.catch(() => undefined);
  const member: Member = {
    peerId,
    child,
    get placedAt() {
      return placedAt;
    },
    get parent() {
      return parent;
    },
    get isRunning() {
      return isRunning;
    },
    joined: () => joined,
    tell: (command) => {
      if (child.connected) child.send(command);
    },
    paths: () =>
      new Promise((resolve) => {
        answer = resolve;
        if (isRunning) member.tell({ kind: "paths" });
        else resolve([]);
      }),
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
  };
  return member;
}
