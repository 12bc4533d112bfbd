/** What happens in a HOMS, for its administrators [Q.4100 7.3.1.3] and its relay. No secrets. */
export type HomsEvent =
  | { readonly kind: "overlay-created"; readonly overlayId: string; readonly title: string }
  | { readonly kind: "overlay-removed"; readonly overlayId: string; readonly reason: "removed" | "expired" | "empty" }
  | {
      readonly kind: "peer-joined";
      readonly overlayId: string;
      readonly peerId: string;
      readonly ticketId: number;
      /** A member that came back for other entry peers. */
      readonly recovery: boolean;
    }
  /** left: by its own wish; expired: it did not refresh; lost: by reports of others, after a check. */
  | { readonly kind: "peer-left" | "peer-expired" | "peer-lost"; readonly overlayId: string; readonly peerId: string }
  | {
      readonly kind: "paths-changed";
      readonly overlayId: string;
      readonly peerId: string;
      readonly primary: readonly string[];
      readonly outgoingCandidate: readonly string[];
      readonly incomingCandidate: readonly string[];
    }
  | {
      readonly kind: "loss-reported";
      readonly overlayId: string;
      /** Who reported it. */
      readonly peerId: string;
      readonly lost: string;
    };

type Listener = (event: HomsEvent) => void;

/** Hands each event to whoever listens, at once. Costs next to nothing while nobody does. */
export class HomsEvents {
  readonly #listeners = new Set<Listener>();

  /** @returns what ends it */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  emit(event: HomsEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
