import type { Outside } from "../world.js";

export interface EnterAsked {
  /** What the person at the keyboard is told. */
  readonly text: string;
}

/** The Enter key on standard input; its end counts as pressed, so that a pipe cannot hold up a run for ever. */
export const enterKey: Outside<EnterAsked, { readonly type: "pressed" }, { readonly type: "forget" }> = {
  kind: "enter",
  start({ text }, emit) {
    process.stderr.write(text);
    const wake = (): void => emit({ type: "pressed" });
    waiting.push(wake);
    listen();
    return () => {};
  },
};

const waiting: (() => void)[] = [];
let pressed = 0;
let listening = false;
let over = false;

function listen(): void {
  if (!listening) {
    listening = true;
    process.stdin.on("data", (octets: Buffer) => {
      pressed += octets.filter((octet) => octet === 10).length;
      serve();
    });
    process.stdin.on("end", () => {
      over = true;
      serve();
    });
  }
  process.stdin.resume();
  serve();
}

function serve(): void {
  while (waiting.length > 0 && (pressed > 0 || over)) {
    pressed = Math.max(0, pressed - 1);
    waiting.shift()?.();
  }
  // Nobody waits: the keyboard does not keep the process alive.
  if (waiting.length === 0) process.stdin.pause();
}
