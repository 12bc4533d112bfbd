import { Code, PayloadType } from "../../generated/ldmp/index.js";
import { layoutShown, typeShown } from "../engine/ldmp-dialect.js";
import type { LdmpLink } from "../engine/ldmp-link.js";
import { code, isReply } from "../engine/ldmp-message.js";
import type { Hearing } from "../ldmp/every-message.js";
import type { DataSourceTest } from "../ldmp-data-source/case.js";
import type { SourcePeerTest } from "../ldmp-source-peer/case.js";
import type { Observation, Probe } from "./probe.js";

/** What all messages of a kind show alike; undefined where they show nothing, or not the same. */
function alike(shown: readonly ("A" | "B" | undefined)[]): "A" | "B" | undefined {
  const letters = new Set(shown.filter((one) => one !== undefined));
  return letters.size === 1 ? [...letters][0] : undefined;
}

function only(letter: "A" | "B", because: string): Observation {
  return { shows: letter, excludes: [letter === "A" ? "B" : "A"], because };
}

/** E-LDMP-01: T of every request that was heard in the cases. */
async function requestTypes(t: Hearing): Promise<Observation | undefined> {
  const requests = t.ldmp.heard.flatMap(({ answer }) => (answer.message && !isReply(answer) ? [answer.message] : []));
  const letter = alike(requests.map((one) => typeShown(one.code, one.type)));
  return letter && only(letter, `T of all ${requests.length} requests heard has its meaning by that reading`);
}

/** E-LDMP-02: the octets of every datagram without payload. */
async function layouts(t: Hearing): Promise<Observation | undefined> {
  const datagrams = t.ldmp.heard.filter(({ link }) => link.protocol === "udp");
  const shown = datagrams.map(({ answer }) => layoutShown(answer.octets));
  const letter = alike(shown);
  const octets = letter === "A" ? 8 : 10;
  return (
    letter && only(letter, `all ${shown.filter(Boolean).length} messages heard without payload have ${octets} octets`)
  );
}

/** E-LDMP-15: Message IDs in the answers to requests with numbers that the product would hardly come to by itself. */
async function echoes(
  requests: readonly number[],
  link: LdmpLink,
  more: object = {},
): Promise<Observation | undefined> {
  const seen: boolean[] = [];
  for (const request of requests) {
    const messageId = 0x5a00 + seen.length * 0x101;
    const credentials = request === Code.registration ? more : {};
    const answer = await link.request({ code: request, messageId, ...credentials });
    if (!code("2.xx").test(answer) || !answer.message) return undefined;
    seen.push(answer.message.messageId === messageId);
  }
  if (seen.every(Boolean)) return { shows: "A", because: "answers carry the Message ID of what they answer" };
  return seen.some(Boolean) ? undefined : only("B", "answers carry a Message ID of their own");
}

/** What tells which readings a source peer has. E-LDMP-18 cannot be told without a long wait. */
export const sourcePeerProbes: readonly Probe<SourcePeerTest>[] = [
  { item: "readings.E-LDMP-01", requirement: "LDMP-8.1-03", observe: requestTypes },
  { item: "readings.E-LDMP-02", requirement: "LDMP-8.1-19", observe: layouts },
  {
    item: "readings.E-LDMP-15",
    requirement: "LDMP-7.1-04",
    observe: async (t) => {
      const link = await t.dataSource();
      return echoes([Code.registration, Code.heartbeat, Code.release], link, t.credentials);
    },
  },
];

/** What tells which options and readings a data source has. */
export const dataSourceProbes: readonly Probe<DataSourceTest>[] = [
  { item: "readings.E-LDMP-01", requirement: "LDMP-8.1-03", observe: requestTypes },
  { item: "readings.E-LDMP-02", requirement: "LDMP-8.1-19", observe: layouts },
  {
    item: "readings.E-LDMP-15",
    requirement: "LDMP-7.3-05",
    observe: async (t) => {
      const { link } = await t.session();
      return echoes([Code.heartbeat, Code.heartbeat], link);
    },
  },
  {
    item: "options.posts-text",
    requirement: "LDMP-8.1-10",
    observe: async (t) => {
      const posts = t.ldmp.heard.filter(({ answer }) => answer.message?.code === Code.post);
      const texts = posts.filter(({ answer }) => answer.message?.payloadType === PayloadType.text);
      if (texts.length > 0) return { shows: true, because: `${texts.length} of ${posts.length} POSTs heard are text` };
      // Of a few posts none may happen to be text.
      return posts.length >= 10 ? { shows: false, because: `none of ${posts.length} POSTs heard is text` } : undefined;
    },
  },
  {
    item: "options.releases",
    requirement: "LDMP-7.2-01",
    observe: async (t) => {
      const because = "it sends Release";
      if (t.ldmp.heard.some(({ answer }) => answer.message?.code === Code.release)) return { shows: true, because };
      if (!t.restarts) return undefined;
      const { link, stop } = await t.session();
      await link.request({ code: Code.heartbeat });
      stop();
      const release = await link.nextRequest(Code.release, { withinMs: 3_000 });
      if (release.silent && t.world.heldUp(3_000) > 250) return undefined;
      return release.silent
        ? { shows: false, because: "it sent no Release when it was stopped" }
        : { shows: true, because };
    },
  },
];
