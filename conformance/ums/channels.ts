import { status } from "../engine/http.js";
import { memberOf, refuses, succeeds } from "../streaming/answers.js";
import { moment } from "../streaming/clock.js";
import type { UmsTest } from "./case.js";
import { defineCase } from "./case.js";
import type { User } from "./primitives.js";
import { channel, channels, channelsIn, FORM, grant, user, withdraw } from "./primitives.js";

const DAY = 86_400_000;

/** Judges which channels a user is told of, by their titles. */
async function sees(t: UmsTest, who: User, titles: readonly string[], what: string): Promise<void> {
  const reply = await channels(t, who.credential);
  succeeds(t, reply, { requirement: "DS-8.12-a", what: `the status of the list for ${what}` });
  t.equal(
    channelsIn(reply)
      ?.map(({ title }) => String(title))
      .toSorted(),
    [...titles].toSorted(),
    { requirement: "DS-8.12-a", what: `the channels of ${what}`, entry: reply.entry, ...memberOf(FORM)("/channels") },
  );
}

/** Channels of a subscription [8.12]. */
export const channelCases = [
  defineCase({
    id: "ums/channels/own",
    title: "a peer is told of the channels of its user, all of them and no others",
    requirements: ["DS-8.12-a"],
    errata: ["E-DS-23"],
    group: "basic",
    async run(t) {
      const [one, other] = [await user(t), await user(t)];
      const both = await channel(t, [{ user_id: one.id }, { user_id: other.id }]);
      const first = await channel(t, [{ user_id: one.id }]);
      const second = await channel(t, [{ user_id: other.id }]);
      await channel(t, []);
      await sees(t, one, [both.title, first.title], "the first user");
      await sees(t, other, [both.title, second.title], "the second user");
    },
  }),
  defineCase({
    id: "ums/channels/enough-to-join",
    title: "a channel comes with what a peer needs to join: title, IXS, data source and data, overlay network and OMS",
    requirements: ["DS-8.12-a"],
    errata: ["E-DS-23"],
    group: "behaviour",
    async run(t) {
      const who = await user(t);
      const { setting } = await channel(t, [{ user_id: who.id }]);
      const reply = await channels(t, who.credential);
      succeeds(t, reply, { what: "the status of the list" });
      t.match(channelsIn(reply)?.[0], setting as never, { what: "the channel", entry: reply.entry });
    },
  }),
  defineCase({
    id: "ums/channels/none",
    title: "a user without channels is told that there are none",
    requirements: ["DS-8.12-a"],
    group: "behaviour",
    async run(t) {
      await sees(t, await user(t), [], "a user of no channel");
    },
  }),
  defineCase({
    id: "ums/channels/now",
    title:
      "the list has the channels of this moment: none whose time is over or has not come, and each from its grant to its end",
    requirements: ["DS-8.12-a", "DS-8.12-01"],
    group: "behaviour",
    async run(t) {
      const who = await user(t);
      const now = t.clock();
      await channel(t, [{ user_id: who.id, valid_until: moment(now - DAY) }]);
      await channel(t, [{ user_id: who.id, valid_from: moment(now + DAY) }]);
      const open = await channel(t, [
        { user_id: who.id, valid_from: moment(now - DAY), valid_until: moment(now + DAY) },
      ]);
      await sees(t, who, [open.title], "a user one of whose three times is now");
      const later = await channel(t, []);
      await grant(t, later, who);
      await sees(t, who, [open.title, later.title], "a user who was given one more");
      await withdraw(t, open, who);
      await sees(t, who, [later.title], "a user who lost one");
      t.passed({ requirement: "DS-8.12-01", what: "that users can be listed for a channel" });
    },
  }),
  defineCase({
    id: "ums/channels/credential",
    title: "without the credential of a user there is no list",
    requirements: ["DS-8.12-a"],
    group: "behaviour",
    async run(t) {
      const who = await user(t);
      await channel(t, [{ user_id: who.id }]);
      await refuses(t, {
        what: "a question for channels with another credential",
        valid: () => ({ credential: who.credential }),
        send: ({ credential }, as) => channels(t, credential, as),
        delta: () => ({ credential: t.random.hex(32) }),
        permitted: status(401, 403),
      });
      t.answers(await channels(t, ""), status(401, 403), { what: "the status of a question without credential" });
    },
  }),
];
