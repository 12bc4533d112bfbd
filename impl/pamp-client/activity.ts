import type {
  DynamicStatus,
  FragmentEvent,
  FragmentList,
  FragmentRange,
  StaticStatus,
} from "../../generated/pamp/index.js";

/** What a peer holds [X.609.1 9.1.5, 9.1.6]: the union of list and range (E-PAMP-16). */
export interface Holding {
  readonly fragment_list?: FragmentList;
  readonly fragment_range?: FragmentRange;
}

/** What happened since the report before. */
export interface Exchanged {
  /** Kilobytes of 1000 octets. */
  readonly uploaded?: number;
  readonly downloaded?: number;
  readonly events?: readonly FragmentEvent[];
}

/** Collects what a peer does until a report of it has arrived: a report that is lost takes nothing with it [X.609.1 9.1.9]. */
export class Activity {
  /** COMPLETED once the peer has everything, STOPPED while it pauses, STARTED otherwise [9.1.9]. */
  event: "STARTED" | "STOPPED" | "COMPLETED" = "STARTED";
  holding: Holding = {};
  /** Kilobytes still to be downloaded; undefined where that means nothing, such as for streams (E-PAMP-72). */
  left: number | undefined;
  /** Connections that exchange data now: what a profile allows beyond them is still free (E-PAMP-34). */
  inUse = { upload: 0, download: 0 };
  #uploaded = 0;
  #downloaded = 0;
  #events: FragmentEvent[] = [];

  add({ uploaded = 0, downloaded = 0, events = [] }: Exchanged): void {
    this.#uploaded += uploaded;
    this.#downloaded += downloaded;
    this.#events.push(...events);
    if (this.left !== undefined) this.left = Math.max(0, this.left - downloaded);
  }

  /** True where something has happened that no report has told yet. */
  get pending(): boolean {
    return this.#uploaded > 0 || this.#downloaded > 0 || this.#events.length > 0;
  }

  /** The dynamic status now, and what to call once it has arrived. */
  take({ max_num_conn_for_up, max_num_conn_for_dn }: StaticStatus): {
    readonly status: DynamicStatus;
    readonly arrived: () => void;
  } {
    const [uploaded, downloaded, events] = [this.#uploaded, this.#downloaded, [...this.#events]];
    return {
      status: {
        overlay_event: this.event,
        uploaded: String(uploaded),
        downloaded: String(downloaded),
        ...(this.left === undefined ? {} : { left: String(this.left) }),
        ...(events.length > 0 ? { fragment_event: events } : {}),
        ...this.holding,
        ...(max_num_conn_for_up === undefined
          ? {}
          : { num_upload_connection: Math.max(0, max_num_conn_for_up - this.inUse.upload) }),
        ...(max_num_conn_for_dn === undefined
          ? {}
          : { num_download_connection: Math.max(0, max_num_conn_for_dn - this.inUse.download) }),
      },
      arrived: () => {
        this.#uploaded -= uploaded;
        this.#downloaded -= downloaded;
        this.#events = this.#events.slice(events.length);
      },
    };
  }
}
