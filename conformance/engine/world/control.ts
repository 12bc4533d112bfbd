import type { Outside } from "../world.js";

export interface ControlAsked {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export type ControlEvent =
  | { readonly type: "head"; readonly status: number }
  | { readonly type: "chunk"; readonly octets: Uint8Array }
  | { readonly type: "end" }
  | { readonly type: "failed"; readonly message: string };

/** A request to the product's control interface, which is not judged; its response may go on for as long as it likes. */
export const controlRequest: Outside<ControlAsked, ControlEvent, { readonly type: "stop" }> = {
  kind: "control",
  start({ url, method, headers, body }, emit) {
    const stop = new AbortController();
    const run = async (): Promise<void> => {
      const sent = body === undefined ? {} : { body };
      const response = await fetch(url, { method, headers, ...sent, signal: stop.signal });
      emit({ type: "head", status: response.status });
      const reader = response.body?.getReader();
      for (;;) {
        const { done = true, value } = (await reader?.read()) ?? {};
        if (value) emit({ type: "chunk", octets: value });
        if (done) return emit({ type: "end" });
      }
    };
    run().catch((error: Error) => emit({ type: "failed", message: error.message }));
    return () => stop.abort();
  },
};
