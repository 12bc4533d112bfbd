import { expect, test } from "vitest";
import { createSigningKey } from "../../keys/ed25519.js";
import type { IndexFile } from "../types.js";
import { readIndexFile } from "./index-file.js";

const file: IndexFile = {
  version: 1,
  title: "film",
  oms_url: "http://127.0.0.1:8083",
  overlay_network_id: "o",
  data_source_id: "s",
  data_id: "d",
  fragment_size: 1000,
  description: "",
  content_type: "FILE",
  source_peer_id: "p",
  source_public_key: createSigningKey().publicKey,
  content_size: 2500,
  number_of_fragments: 3,
};

test.each<[string, Partial<IndexFile>]>([
  ["as it is", {}],
  ["of a size without a number", { number_of_fragments: undefined }],
  ["of a number without a size", { content_size: undefined }],
  ["of a full last fragment", { content_size: 3000 }],
  ["of a stream, which has no size", { content_type: "STREAM", number_of_fragments: 2 ** 40 }],
  ["of as many fragments as are taken", { content_size: undefined, number_of_fragments: 2 ** 22 }],
])("an index file %s can be worked with", (_, changes) => {
  expect(readIndexFile({ ...file, ...changes })).toMatchObject(changes);
});

test.each<[string, Partial<IndexFile>]>([
  ["oms_url", { oms_url: "http://[" }],
  ["oms_url", { oms_url: "http:///x" }],
  ["oms_url", { oms_url: "file:///etc/passwd" }],
  ["oms_url", { oms_url: "http://me:secret@127.0.0.1" }],
  ["source_public_key", { source_public_key: "A".repeat(42) }],
  ["fragment_size", { fragment_size: 0 }],
  ["content_size", { content_size: 0, number_of_fragments: undefined }],
  ["content_size", { content_size: 2 ** 53 - 1, number_of_fragments: undefined }],
  ["number_of_fragments", { number_of_fragments: 0 }],
  ["number_of_fragments", { number_of_fragments: 2 }],
  ["number_of_fragments", { number_of_fragments: 5 }],
  ["number_of_fragments", { content_size: undefined, number_of_fragments: 2 ** 53 - 1 }],
  ["number_of_fragments", { content_size: undefined, number_of_fragments: 2 ** 22 + 1 }],
])("one of an unusable %s is refused by name: %o", (member, changes) => {
  const read = () => readIndexFile({ ...file, ...changes });
  expect(read).toThrow(expect.objectContaining({ code: "ERR_INDEX_FILE" }));
  expect(read).toThrow(new RegExp(`usable ${member}.*\\[X\\.609\\.10 8\\.6 a\\)`));
});
