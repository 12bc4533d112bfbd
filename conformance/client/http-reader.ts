/** One HTTP/1.1 request of the product's, complete, with every octet as it came. */
export interface Arrived {
  readonly method: string;
  /** As on the request line: `/pams/1/peer/?x=1`. */
  readonly target: string;
  /** `1.1` */
  readonly version: string;
  /** Names in lower case, in the order in which they came; the same name may come again. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Without its framing. */
  readonly body: Buffer;
  readonly octets: Buffer;
  /** Which of the product's connections with this stand-in, counted from 0. */
  readonly connection: number;
  /** What is wrong with it as HTTP; then nothing but `octets` can be relied on, and the connection is of no more use. */
  readonly fault?: string;
}

type Framing = { readonly kind: "none" | "chunked" } | { readonly kind: "length"; readonly octets: number };

interface Head extends Pick<Arrived, "method" | "target" | "version" | "headers"> {
  readonly size: number;
  readonly framing: Framing;
}

/** A message that breaks HTTP [RFC 7230]. */
class Broken extends Error {}

const LARGEST_HEAD = 64 * 1024;

/** Takes the octets of one connection apart into requests. */
export class HttpReader {
  readonly #connection: number;
  #octets: Buffer = Buffer.alloc(0);
  #continued = false;
  #broken = false;

  constructor(connection: number) {
    this.#connection = connection;
  }

  /** Octets that no complete request is made of yet. */
  get rest(): Buffer {
    return this.#octets;
  }

  /** True once for a request that waits for `100 Continue` before it sends its body. */
  expectsContinue(): boolean {
    if (this.#continued || this.#broken) return false;
    const head = quietly(() => headOf(this.#octets));
    const waits = head?.headers.some(([name, value]) => name === "expect" && /^100-continue$/i.test(value)) ?? false;
    this.#continued = waits;
    return waits;
  }

  push(octets: Uint8Array): Arrived[] {
    if (this.#broken) return [];
    this.#octets = Buffer.concat([this.#octets, octets]);
    const found: Arrived[] = [];
    for (;;) {
      // Empty lines before a request are passed over [RFC 7230 3.5].
      while (found.length > 0 && this.#octets[0] === 13 && this.#octets[1] === 10)
        this.#octets = this.#octets.subarray(2);
      const one = this.#next();
      if (!one) return found;
      found.push(one);
      this.#continued = false;
      if (this.#broken) return found;
    }
  }

  #next(): Arrived | undefined {
    try {
      const head = headOf(this.#octets);
      if (!head) return undefined;
      const body = bodyOf(this.#octets, head);
      if (!body) return undefined;
      const octets = this.#octets.subarray(0, body.end);
      this.#octets = this.#octets.subarray(body.end);
      const { size: _, framing: __, ...line } = head;
      return { ...line, body: body.octets, octets, connection: this.#connection };
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      this.#broken = true;
      return { ...nothing, octets: this.#octets, connection: this.#connection, fault: error.message };
    }
  }
}

/** Stands where no request is. */
export const nothing: Arrived = {
  method: "",
  target: "",
  version: "",
  headers: [],
  body: Buffer.alloc(0),
  octets: Buffer.alloc(0),
  connection: -1,
};

function headOf(octets: Buffer): Head | undefined {
  const end = octets.indexOf("\r\n\r\n");
  if (end < 0) {
    if (octets.length > LARGEST_HEAD) throw new Broken("no end of the header within 64 KiB");
    // What cannot become a request need not be waited for.
    if (octets.length > 0 && !/^[!#$%&'*+.^_`|~0-9A-Za-z-]*( |$)/.test(octets.subarray(0, 32).toString("latin1")))
      throw new Broken("it begins with no method");
    return undefined;
  }
  const [first = "", ...lines] = octets.subarray(0, end).toString("latin1").split("\r\n");
  const line = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) (\S+) HTTP\/(\d\.\d)$/.exec(first);
  if (!line) throw new Broken(`the request line is ${JSON.stringify(first.slice(0, 120))}`);
  const headers = lines.map((text): readonly [string, string] => {
    const header = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/.exec(text);
    if (!header) throw new Broken(`a header line is ${JSON.stringify(text.slice(0, 120))}`);
    return [(header[1] ?? "").toLowerCase(), header[2] ?? ""];
  });
  const [, method = "", target = "", version = ""] = line;
  return { method, target, version, headers, size: end + 4, framing: framingOf(headers) };
}

/** [RFC 7230 3.3.3] */
function framingOf(headers: Arrived["headers"]): Framing {
  const all = (name: string): string[] => headers.filter(([one]) => one === name).map(([, value]) => value);
  const coding = all("transfer-encoding");
  const lengths = [...new Set(all("content-length"))];
  if (coding.length > 0) {
    if (!/(^|,)\s*chunked$/i.test(coding.join(","))) throw new Broken(`Transfer-Encoding is ${coding.join(", ")}`);
    if (lengths.length > 0) throw new Broken("it has both Transfer-Encoding and Content-Length");
    return { kind: "chunked" };
  }
  const [length, ...others] = lengths;
  if (length === undefined) return { kind: "none" };
  if (others.length > 0 || !/^\d{1,15}$/.test(length)) throw new Broken(`Content-Length is ${lengths.join(", ")}`);
  return { kind: "length", octets: Number(length) };
}

function bodyOf(
  octets: Buffer,
  { size, framing }: Head,
): { readonly octets: Buffer; readonly end: number } | undefined {
  if (framing.kind === "none") return { octets: Buffer.alloc(0), end: size };
  if (framing.kind === "length") {
    const end = size + framing.octets;
    return octets.length < end ? undefined : { octets: octets.subarray(size, end), end };
  }
  const chunks: Buffer[] = [];
  for (let at = size; ; ) {
    const line = octets.indexOf("\r\n", at);
    if (line < 0) return undefined;
    const text = octets.subarray(at, line).toString("latin1");
    const length = /^([0-9a-fA-F]{1,8})\s*(;.*)?$/.exec(text)?.[1];
    if (length === undefined) throw new Broken(`the size of a chunk is ${JSON.stringify(text.slice(0, 40))}`);
    const start = line + 2;
    const end = start + Number.parseInt(length, 16);
    if (end === start) {
      const trailer = octets.indexOf("\r\n", start) === start ? start : octets.indexOf("\r\n\r\n", start) + 2;
      if (trailer < start || octets.length < trailer + 2) return undefined;
      return { octets: Buffer.concat(chunks), end: trailer + 2 };
    }
    if (octets.length < end + 2) return undefined;
    chunks.push(octets.subarray(start, end));
    at = end + 2;
  }
}

function quietly<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
