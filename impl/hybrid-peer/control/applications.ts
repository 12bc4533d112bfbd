import type { Logger } from "../../net/logger.js";
import type { Delivery, Outgoing } from "../core/ports.js";
import type { Application } from "./network.js";

/** The applications that share the data of one overlay network at this peer [Q.4100 7.2.1.2]. */
export interface Applications {
  application(appId: string): Application;
  onData(listener: (delivery: Delivery) => void): () => void;
  /** From the core; the applications get it when the core has done its own work, so that what they send does not cut into that. */
  deliver(delivery: Delivery): void;
}

type Listener = (delivery: Delivery) => void;

export function createApplications(publish: (data: Outgoing) => number, logger: Logger): Applications {
  const all = new Set<Listener>();
  const byId = new Map<string, Set<Listener>>();
  let waiting: Delivery[] = [];

  const tell = (listeners: ReadonlySet<Listener> | undefined, delivery: Delivery): void => {
    if (listeners === undefined) return;
    for (const listener of listeners) {
      try {
        listener(delivery);
      } catch (error) {
        logger.error({ err: error, "app-id": delivery.appId }, "an application failed on what it was given");
      }
    }
  };
  const handOut = (): void => {
    const now = waiting;
    waiting = [];
    for (const delivery of now) {
      tell(byId.get(delivery.appId), delivery);
      tell(all, delivery);
    }
  };

  return {
    application: (appId) => ({
      appId,
      send(payload, options = {}) {
        const text = typeof payload === "string";
        return publish({
          appId,
          payloadType: options.payloadType ?? (text ? "text/plain" : "application/octet-stream"),
          payload: text ? new TextEncoder().encode(payload) : payload,
          ...(options.ack !== undefined && { ack: options.ack }),
        });
      },
      onData(listener) {
        const listeners = byId.get(appId) ?? new Set();
        byId.set(appId, listeners.add(listener));
        return () => {
          listeners.delete(listener);
          if (listeners.size === 0 && byId.get(appId) === listeners) byId.delete(appId);
        };
      },
    }),
    onData(listener) {
      all.add(listener);
      return () => all.delete(listener);
    },
    deliver(delivery) {
      if (waiting.push(delivery) === 1) queueMicrotask(handOut);
    },
  };
}
