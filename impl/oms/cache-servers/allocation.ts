/** What is kept of one cache server in one overlay network. */
export interface AllocationRow {
  overlayId: string;
  csId: string;
  /** What the cache server has been told. */
  priority: number;
  /** Requested until the cache server has agreed; releasing until it has confirmed. */
  state: "requested" | "allocated" | "releasing";
  allocationId?: string;
  peerId?: string;
  /** What lets its virtual peer into a closed session; hashed. */
  admission?: string;
}

export class Allocation {
  readonly row: AllocationRow;
  /** Under whose names it is counted, until it is released. */
  holders: readonly string[];
  /** Nothing is attempted before, in ms since the epoch. */
  nextAt = 0;
  failures = 0;
  /** Since when the cache server has been told to release it, in ms since the epoch: time in which no OMS ran does not count. */
  releasingSince: number | undefined;
  attempt: Promise<void> | undefined;

  constructor(row: AllocationRow, holders: readonly string[]) {
    this.row = row;
    this.holders = holders;
  }

  get key(): string {
    return allocationKey(this.row.overlayId, this.row.csId);
  }
}

export const allocationKey = (overlayId: string, csId: string): string => JSON.stringify([overlayId, csId]);
