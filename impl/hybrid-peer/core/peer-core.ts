import { createDataManagement } from "../data/data-management.js";
import { createPathManagement } from "../paths/path-management.js";
import { Code, type Message } from "./message.js";
import type { CoreHost, DataManagement, Link, PeerCore } from "./ports.js";
import type { CoreSettings } from "./settings.js";
import { createTimers } from "./timers.js";

/** One overlay network at one peer, free of input and output: joins path management and data management. */
export function createPeerCore(host: CoreHost, settings: CoreSettings): PeerCore {
  const timers = createTimers(host);
  const management = createPathManagement({ host, settings, timers, data: () => data });
  const data: DataManagement = createDataManagement({ paths: management.paths, host, settings, timers });
  let left = false;

  /** Runs what a call from outside asks for, then reports what that has changed. */
  function outside<A extends unknown[]>(action: (...args: A) => void): (...args: A) => void {
    return (...args) => {
      if (left) return;
      action(...args);
      management.flush();
    };
  }

  return {
    start: outside(management.start),
    contacts: outside(management.contacts),
    connected(token, link) {
      if (left) link.close();
      else management.connected(token, link);
    },
    connectFailed: outside(management.connectFailed),
    accepted(link: Link, first: Message) {
      if (left) link.close();
      else {
        management.accepted(link, first);
        management.flush();
      }
    },
    received(link, message) {
      if (left) return;
      management.received(link, message);
      if (message.code !== Code.broadcastData) management.flush();
    },
    closed: outside(management.closed),
    tick: outside(() => timers.tick()),
    publish(outgoing) {
      const sequence = data.publish(outgoing);
      management.flush();
      return sequence;
    },
    scan: () => management.scan(),
    paths: () => management.states(),
    statistics: () => data.statistics(),
    leave() {
      if (left) return;
      management.leave();
      left = true;
      timers.clear();
    },
  };
}
