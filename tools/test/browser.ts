import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly sessionId?: string;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** What a page did that its reader does not see. */
export interface Noticed {
  /** Messages of the console, of the browser about the page, and exceptions. */
  readonly complaints: string[];
  /** Addresses that it asked for, its own first. */
  readonly requests: string[];
}

export interface OpenPage extends Noticed {
  /** Runs an expression in the page; a promise is waited for. */
  evaluate<Result>(expression: string): Promise<Result>;
  /** Presses a key: `j`, `/`, `Enter`, `Escape`. */
  press(key: string): Promise<void>;
  /** The width of the window in CSS pixels, as a telephone or a screen has it. */
  resize(width: number, height: number): Promise<void>;
  /** A picture of the window, PNG. */
  picture(): Promise<Buffer>;
}

/**
 * A browser of its own, with its own profile, driven by the DevTools protocol over a pipe: no port, no WebSocket, so that it needs no package.
 */
export class Browser {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>();
  readonly #listeners: ((event: Answer) => void)[] = [];
  readonly #exited: Promise<void>;
  #sent = 0;

  constructor(program: string, profile: string) {
    const flags = [
      ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage", "--hide-scrollbars"],
      ["--disable-background-networking", "--disable-component-update", "--disable-sync"],
    ];
    const args = [...flags.flat(), `--user-data-dir=${profile}`, "--remote-debugging-pipe", "about:blank"];
    this.#child = spawn(program, args, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    this.#exited = new Promise((resolve) => this.#child.once("close", () => resolve()));
    void this.#exited.then(() => {
      for (const { reject } of this.#waiting.values()) reject(new Error("the browser ended"));
    });
    let rest = "";
    (this.#child.stdio[4] as Readable).setEncoding("utf8").on("data", (chunk: string) => {
      const messages = (rest + chunk).split("\0");
      rest = messages.pop() ?? "";
      for (const message of messages) this.#receive(JSON.parse(message) as Answer);
    });
  }

  /** Opens an address and waits until it is loaded. */
  async open(url: string, width = 1280, height = 900): Promise<OpenPage> {
    const { targetId } = await this.#send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.#send("Target.attachToTarget", { targetId, flatten: true });
    const send = (method: string, params: object = {}) => this.#send(method, params, sessionId as string);
    const noticed: Noticed = { complaints: [], requests: [] };
    let loaded = () => {};
    this.#listeners.push((event) => {
      if (event.sessionId !== sessionId) return;
      notice(event, noticed);
      if (event.method === "Page.loadEventFired") loaded();
    });
    for (const domain of ["Page", "Runtime", "Log", "Network"]) await send(`${domain}.enable`);
    const resize = async (wide: number, high: number) => {
      await send("Emulation.setDeviceMetricsOverride", {
        width: wide,
        height: high,
        deviceScaleFactor: 1,
        mobile: wide < 600,
      });
    };
    await resize(width, height);
    const done = new Promise<void>((resolve) => {
      loaded = resolve;
    });
    await send("Page.navigate", { url });
    await done;
    return {
      ...noticed,
      resize,
      evaluate: async <Result>(expression: string) => {
        const { result, exceptionDetails } = await send("Runtime.evaluate", {
          expression,
          awaitPromise: true,
          returnByValue: true,
        });
        if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
        return (result as { value: Result }).value;
      },
      press: async (key) => {
        const text = key.length === 1 ? { text: key } : key === "Enter" ? { text: "\r" } : {};
        const code = { Enter: 13, Escape: 27 }[key] ?? key.toUpperCase().charCodeAt(0);
        await send("Input.dispatchKeyEvent", { type: "keyDown", key, windowsVirtualKeyCode: code, ...text });
        await send("Input.dispatchKeyEvent", { type: "keyUp", key, windowsVirtualKeyCode: code });
      },
      picture: async () => Buffer.from((await send("Page.captureScreenshot")).data as string, "base64"),
    };
  }

  async close(): Promise<void> {
    this.#child.kill();
    await this.#exited;
  }

  #send(method: string, params: object, sessionId?: string): Promise<Readonly<Record<string, unknown>>> {
    const id = ++this.#sent;
    const message = { id, method, params, ...(sessionId === undefined ? {} : { sessionId }) };
    (this.#child.stdio[3] as Writable).write(`${JSON.stringify(message)}\0`);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, {
        reject,
        resolve: ({ error, result = {} }) =>
          error ? reject(new Error(`${method}: ${error.message}`)) : resolve(result),
      });
    });
  }

  #receive(message: Answer): void {
    if (message.id === undefined) {
      for (const listener of this.#listeners) listener(message);
      return;
    }
    this.#waiting.get(message.id)?.resolve(message);
    this.#waiting.delete(message.id);
  }
}

function notice({ method, params = {} }: Answer, { complaints, requests }: Noticed): void {
  if (method === "Runtime.exceptionThrown" || method === "Log.entryAdded") complaints.push(JSON.stringify(params));
  if (method === "Runtime.consoleAPICalled") complaints.push(JSON.stringify(params.args));
  if (method === "Network.requestWillBeSent") {
    const { url } = params.request as { url: string };
    if (!url.startsWith("data:")) requests.push(url);
  }
}
