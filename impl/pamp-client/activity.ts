import type {
  ConfirmedReceipt,
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
  /** For what this peer sent, signed by both ends [8.2.6]. */
  readonly receipts?: readonly ConfirmedReceipt[];
}

/** Most receipts in one report: with them it stays well below what a PAMS takes. More wait for the next report, which comes at once. */
const receiptsPerReport = 200;
/** Receipts kept while no PAMS takes them; beyond, the oldest are given up. */
const receiptsKept = 10_000;

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
  #receipts: ConfirmedReceipt[] = [];

  add({ uploaded = 0, downloaded = 0, events = [], receipts = [] }: Exchanged): void {
    this.#uploaded += uploaded;
    this.#downloaded += downloaded;
    this.#events.push(...events);
    if (receipts.length > 0) this.#receipts = [...this.#receipts, ...receipts].slice(-receiptsKept);
    if (this.left !== undefined) this.left = Math.max(0, this.left - downloaded);
  }

  /** True where something has happened that no report has told yet. */
  get pending(): boolean {
    return this.#uploaded > 0 || this.#downloaded > 0 || this.#events.length > 0 || this.#receipts.length > 0;
  }

  /** More receipts wait than one report holds. */
  get overfull(): boolean {
    return this.#receipts.length > receiptsPerReport;
  }

  /** The dynamic status now, and what to call once it has arrived. */
  take({ max_num_conn_for_up, max_num_conn_for_dn }: StaticStatus): {
    readonly status: DynamicStatus;
    readonly arrived: () => void;
  } {
    const [uploaded, downloaded, events] = [this.#uploaded, this.#downloaded, [...this.#events]];
    const receipts = this.#receipts.slice(0, receiptsPerReport);
    return {
      status: {
        overlay_event: this.event,
        uploaded: amount(uploaded),
        downloaded: amount(downloaded),
        ...(this.left === undefined ? {} : { left: amount(this.left) }),
        ...(events.length > 0 ? { fragment_event: events } : {}),
        ...(receipts.length > 0 ? { receipts } : {}),
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
        const told = new Set(receipts);
        this.#receipts = this.#receipts.filter((one) => !told.has(one));
      },
    };
  }
}

/** Whole octets: what adding and subtracting fractions leaves over is nothing that happened. */
function amount(kilobytes: number): string {
  return String(Math.round(kilobytes * 1000) / 1000);
}
