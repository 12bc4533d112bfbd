import { Code } from "../../generated/ldmp/index.js";
import { code } from "../engine/ldmp-message.js";
import { octetsFor, sound } from "../ldmp/unsound.js";
import { defineCase } from "./case.js";

const overTcp = (declared: { value(name: never): unknown }): boolean | string =>
  declared.value("transport" as never) === "tcp" || "the product is judged over UDP";

export const transportCases = [
  defineCase({
    id: "ldmp-data-source/transport/split-segments",
    title: "over TCP a message is understood however its octets arrive",
    requirements: ["LDMP-8.1-01", "LDMP-8.1-20"],
    errata: ["E-LDMP-04"],
    needs: overTcp,
    group: "behaviour",
    async run(t) {
      // A product that hangs up halfway and calls again gets the rest as it is: no message any more.
      const { link } = await t.session({ hostile: true });
      const messageId = link.nextMessageId();
      // Nothing else may get between the octets.
      link.answerHeartbeats = false;
      for (const octet of octetsFor(link, sound(link, Code.get, t.declared.value("get-payload")), messageId)) {
        link.sendOctets(new Uint8Array([octet]), "one octet");
        await t.sleep(3);
      }
      t.answers(await link.answerTo(messageId, "a GET octet by octet"), code("2.xx"), {
        requirement: ["LDMP-8.1-01", "LDMP-8.1-20"],
        what: "the answer to a GET that comes octet by octet",
      });
    },
  }),
  defineCase({
    id: "ldmp-data-source/transport/coalesced",
    title: "over TCP several messages in one segment are understood, one after another",
    requirements: ["LDMP-8.1-01", "LDMP-8.1-20"],
    errata: ["E-LDMP-04"],
    needs: overTcp,
    group: "behaviour",
    async run(t) {
      const { link } = await t.session();
      const ids = [link.nextMessageId(), link.nextMessageId()];
      const parts = ids.map((id) => octetsFor(link, sound(link, Code.heartbeat), id));
      link.sendOctets(new Uint8Array(Buffer.concat(parts)), "two Heartbeats in one segment");
      for (const id of ids) {
        t.answers(await link.answerTo(id, "a Heartbeat"), code("2.xx"), {
          requirement: ["LDMP-8.1-01", "LDMP-8.1-20"],
          what: "the answer to one of two Heartbeats in one segment",
        });
      }
    },
  }),
  defineCase({
    id: "ldmp-data-source/transport/trailing-octets",
    title: "octets behind the message in a datagram do no harm",
    requirements: ["LDMP-8.1-18"],
    errata: ["E-LDMP-02", "E-LDMP-04"],
    needs: (declared) => declared.value("transport") === "udp" || "the product is judged over TCP",
    group: "behaviour",
    async run(t) {
      const { link } = await t.session({ hostile: true });
      const messageId = link.nextMessageId();
      const octets = octetsFor(link, sound(link, Code.heartbeat, "ab"), messageId);
      link.sendOctets(new Uint8Array([...octets, 1, 2, 3]), "a Heartbeat with a payload and three octets behind it");
      const answer = await link.answerTo(messageId, "the Heartbeat", { withinMs: 500 });
      t.answers(answer, code("2.xx", "4.xx", "silence"), { what: "the answer to a message with octets behind it" });
      t.answers(await link.request({ code: Code.heartbeat }), code("2.xx"), {
        what: "the answer to a Heartbeat afterwards",
      });
    },
  }),
];
