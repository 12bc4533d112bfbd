import { Code } from "../../generated/ldmp/index.js";
import type { Target } from "../engine/entity.js";
import { code } from "../engine/ldmp-message.js";
import { octetsFor, sound } from "../ldmp/unsound.js";
import { moment } from "../ldmp/waits.js";
import { defineCase } from "./case.js";
import { isRegistered } from "./registration.js";

const overTcp = (_: unknown, { url }: Target) => url?.startsWith("tcp:") === true || "the product is judged over UDP";
const overUdp = (_: unknown, { url }: Target) => url?.startsWith("udp:") === true || "the product is judged over TCP";

export const transportCases = [
  defineCase({
    id: "ldmp-source-peer/transport/split-segments",
    title: "over TCP a message is understood however its octets arrive",
    requirements: ["LDMP-8.1-01", "LDMP-8.1-20"],
    errata: ["E-LDMP-04"],
    needs: overTcp,
    group: "behaviour",
    async run(t) {
      const link = await t.registered();
      const requirement = ["LDMP-8.1-01", "LDMP-8.1-20"] as const;
      // Nothing else may get between the octets.
      link.answerHeartbeats = false;
      for (const raw of [sound(link, Code.post, "21.5"), sound(link, Code.heartbeat)]) {
        const messageId = link.nextMessageId();
        for (const octet of octetsFor(link, raw, messageId)) {
          link.sendOctets(new Uint8Array([octet]), "one octet");
          await t.sleep(3);
        }
        if (raw.code !== Code.heartbeat) continue;
        t.answers(await link.answerTo(messageId, "a Heartbeat octet by octet"), code("2.xx"), {
          requirement,
          what: "the answer to a Heartbeat that comes octet by octet",
        });
      }
    },
  }),
  defineCase({
    id: "ldmp-source-peer/transport/coalesced",
    title: "over TCP several messages in one segment are understood, one after another",
    requirements: ["LDMP-8.1-01", "LDMP-8.1-20"],
    errata: ["E-LDMP-04"],
    needs: overTcp,
    group: "behaviour",
    async run(t) {
      const link = await t.registered();
      const [first, second] = [link.nextMessageId(), link.nextMessageId()];
      const parts = [
        octetsFor(link, sound(link, Code.heartbeat), first),
        octetsFor(link, sound(link, Code.post, "21.5")),
        octetsFor(link, sound(link, Code.heartbeat), second),
      ];
      link.sendOctets(new Uint8Array(Buffer.concat(parts)), "Heartbeat, POST, Heartbeat in one segment");
      for (const messageId of [first, second]) {
        t.answers(await link.answerTo(messageId, "a Heartbeat"), code("2.xx"), {
          requirement: ["LDMP-8.1-01", "LDMP-8.1-20"],
          what: "the answer to a Heartbeat among several messages in one segment",
        });
      }
    },
  }),
  defineCase({
    id: "ldmp-source-peer/transport/lost-connection",
    title: "a data source whose connection ended can register over a new one",
    requirements: ["LDMP-6.2-09"],
    errata: ["E-LDMP-04", "E-LDMP-17"],
    needs: overTcp,
    group: "behaviour",
    async run(t) {
      const before = await t.registered();
      await before.close();
      const after = await t.dataSource({ ownId: before.ownId });
      const answer = await after.request({ code: Code.registration, ...t.credentials });
      t.answers(answer, code("2.xx", "4.xx"), { what: "the answer to a Registration over a new connection" });
      if (code("2.xx").test(answer)) await isRegistered(t, after, "LDMP-6.2-09", "over the new connection");
      else t.warn(`a data source whose connection ended is not registered again: ${answer.outcome}`);
    },
  }),
  defineCase({
    id: "ldmp-source-peer/transport/trailing-octets",
    title: "octets behind the message in a datagram do no harm",
    requirements: ["LDMP-8.1-18"],
    errata: ["E-LDMP-02", "E-LDMP-04"],
    needs: overUdp,
    group: "behaviour",
    async run(t) {
      const link = await t.registered({ hostile: true });
      const messageId = link.nextMessageId();
      const octets = octetsFor(link, sound(link, Code.heartbeat, "ab"), messageId);
      link.sendOctets(new Uint8Array([...octets, 1, 2, 3]), "a Heartbeat with a payload and three octets behind it");
      const answer = await link.answerTo(messageId, "the Heartbeat", { withinMs: moment(t) });
      t.answers(answer, code("2.xx", "4.xx", "silence"), { what: "the answer to a message with octets behind it" });
      await isRegistered(t, link, "LDMP-8.1-18", "afterwards");
    },
  }),
];
