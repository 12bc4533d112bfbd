import { expect, test } from "vitest";
import { Code } from "../../generated/ldmp/index.js";
import { messageIdAge, nextMessageId, randomMessageId } from "./message-id.js";
import { createRecentMessages, recall, remember } from "./recent.js";

test.each([
  ["the same message", 5, Code.get, 0, true],
  ["within its lifetime", 5, Code.get, 1000, true],
  ["after it", 5, Code.get, 1001, false],
  ["another Message ID", 6, Code.get, 0, false],
  ["the same Message ID for something else", 5, Code.put, 0, false],
])("%s", (_, messageId, code, now, known) => {
  const recent = createRecentMessages();
  remember(recent, 5, Code.get, 0);
  expect(recall(recent, messageId, code, now, 1000) !== undefined).toBe(known);
});

test("the window forgets the oldest and never grows", () => {
  const recent = createRecentMessages();
  for (let id = 0; id < 100; id++) remember(recent, id, Code.post, id);
  const known = Array.from({ length: 100 }, (_, id) => id).filter((id) => recall(recent, id, Code.post, 100, 1000));
  expect(known).toEqual(Array.from({ length: 16 }, (_, i) => 84 + i));
  expect(recent.entries).toHaveLength(16);
});

test("a message noted again after its lifetime has no answer yet", () => {
  const recent = createRecentMessages();
  remember(recent, 5, Code.get, 0).answer = { code: Code.content };
  remember(recent, 5, Code.get, 5000);
  expect(recent.entries).toHaveLength(1);
  expect(recall(recent, 5, Code.get, 5000, 1000)?.answer).toBeUndefined();
});

test("[8.1] Message IDs use all 16 bits of randomness, grow by one and wrap", () => {
  expect(randomMessageId({ bytes: () => Uint8Array.of(0xab, 0xcd) })).toBe(0xabcd);
  expect([0, 65_534, 65_535].map(nextMessageId)).toEqual([1, 65_535, 0]);
  expect(messageIdAge(65_535, 1)).toBe(2);
});
