import type { PreflightStep } from "./entity.js";
import type { Http, HttpReply } from "./http.js";
import type { HttpTest } from "./http-entity.js";
import { NoAnswer } from "./outcome.js";

/** A request that the product answers otherwise than any other server would, and that changes nothing. */
export interface Greeting {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
}

export interface HttpPreflight<T extends HttpTest> {
  /** What the product is called: `HOMS`. */
  readonly name: string;
  /** A harmless query that any server of the kind answers somehow. */
  readonly probe: string;
  readonly greetings: readonly Greeting[];
  /** Whether the first thing that such a product does for anybody works, undone at once; asked only where the greetings tell nothing. */
  readonly works: (t: T) => Promise<boolean>;
}

/** Preconditions of every HTTP server, in order. */
export function httpPreflight<T extends HttpTest>({
  name,
  probe,
  greetings,
  works,
}: HttpPreflight<T>): PreflightStep<T>[] {
  return [
    {
      what: "the address is an http or https URL",
      hint: "give it as --url http://HOST:PORT",
      check: async (t) => /^https?:\/\//.test(t.http.base),
    },
    {
      what: "the server answers HTTP requests",
      hint: "start the server, and check host, port and scheme (http or https)",
      check: async (t) => {
        try {
          await t.http.get(probe, { malformed: true });
          return true;
        } catch (error) {
          if (error instanceof NoAnswer) return await whyNoAnswer(t.http, probe, error);
          throw error;
        }
      },
    },
    {
      what: `what answers is a ${name}`,
      hint: `give the address of a ${name}`,
      // A product that leaves one message unanswered, or ends it badly, is judged for it.
      check: (t) =>
        stranger(t, { name, probe, greetings, works }).catch((error: unknown) => {
          if (error instanceof NoAnswer) return true;
          throw error;
        }),
    },
  ];
}

async function whyNoAnswer(http: Http, probe: string, error: NoAnswer): Promise<string> {
  const { host, hostname } = new URL(http.base);
  const advice = "start the server, and check host, port and scheme (http or https)";
  if (/ENOTFOUND|EAI_AGAIN/.test(error.message)) return `there is no host named ${hostname}: ${advice}`;
  if (/ECONNREFUSED/.test(error.message)) return `nothing listens at ${host}: ${advice}`;
  const other = await otherScheme(http, probe);
  if (other !== undefined) return `it speaks the other scheme: give --url ${other}`;
  if (error.kind === "timeout")
    return `it takes connections but answers nothing: is it an HTTP server? ${advice} (${error.message})`;
  return `what listens at ${host} is no HTTP server: ${advice} (${error.message})`;
}

/** The address with the other scheme, if something answers HTTP there. */
async function otherScheme(http: Http, probe: string): Promise<string | undefined> {
  const base = http.base.startsWith("https:")
    ? http.base.replace(/^https/, "http")
    : http.base.replace(/^http/, "https");
  try {
    await http.with({ base }).get(probe, { malformed: true });
    return base;
  } catch (error) {
    if (error instanceof NoAnswer) return undefined;
    throw error;
  }
}

/**
 * True, or what answers instead. A server is a stranger if it treats every address of the protocol as it treats one that cannot exist, and if
 * nothing can be made there. A product of the right kind that does one thing wrong does another right: it is judged.
 */
async function stranger<T extends HttpTest>(
  t: T,
  { name, probe, greetings, works }: HttpPreflight<T>,
): Promise<true | string> {
  const nowhere = `/${t.unique("mp2p-nowhere")}`;
  const replies: HttpReply[] = [];
  for (const { method, path, body } of greetings) {
    const more = { malformed: true, ...(body === undefined ? {} : { body }) };
    const reply = await t.http.send(method, path, more);
    const elsewhere = await t.http.send(method, nowhere, more);
    if (essence(reply, path) !== essence(elsewhere, nowhere)) return true;
    replies.push(reply);
  }
  if (await works(t)) return true;
  const statuses = [...new Set(replies.map(({ status }) => status))];
  if (statuses.every((status) => status === 401 || status === 403))
    return `it answers ${statuses.join(" and ")} to everything: declare credentials, in --pics FILE as values: headers: ["authorization: …"]`;
  const location = replies.find(({ headers }) => headers.location !== undefined)?.headers.location;
  if (location !== undefined)
    return `something answers, but it sends everybody on to ${location}: give that server's address as --url`;
  const other =
    t.http.base.startsWith("http:") && statuses.includes(400) ? await otherScheme(t.http, probe) : undefined;
  if (other !== undefined) return `it speaks the other scheme: give --url ${other}`;
  const tried = greetings.map(({ method, path }) => `${method} ${path}`).join(", ");
  return `something answers, but it is no ${name}: ${tried} get the same ${statuses.join(" and ")} as any other address; check host, port and path of --url`;
}

/** An answer without what differs between two addresses by itself. */
function essence({ status, headers, text }: HttpReply, path: string): string {
  const [bare = path] = path.split("?");
  const body = text
    .replaceAll(path, "")
    .replaceAll(bare, "")
    .replaceAll(bare.slice(1), "")
    .replace(/[0-9a-f]{8,}|\d+/gi, "");
  return `${status} ${headers["content-type"] ?? ""} ${body}`;
}
