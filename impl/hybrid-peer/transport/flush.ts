import { forgetEncoded } from "./encode-once.js";

/** Something that has gathered frames. */
export interface Flushable {
  flush(): void;
}

const dirty: Flushable[] = [];

/**
 * What is sent while one event is handled leaves together, when it has been: an event loop under load then needs one system call a link
 * for all frames that a read has brought, and an idle one sends at once.
 */
export function flushSoon(link: Flushable): void {
  if (dirty.push(link) === 1) setImmediate(flushAll);
}

function flushAll(): void {
  // By index: a link that fails tells its core, which may send on others.
  for (let i = 0; i < dirty.length; i++) dirty[i]?.flush();
  dirty.length = 0;
  forgetEncoded();
}
