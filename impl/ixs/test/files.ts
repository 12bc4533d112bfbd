import type { IndexFile } from "../../../generated/ixs/types.js";

/** A whole index file, with what a test wants otherwise. */
export function indexFile(change: Partial<IndexFile> & { [member: string]: unknown } = {}): IndexFile {
  return {
    version: 1,
    title: "Rain",
    oms_url: "http://oms.example",
    overlay_network_id: "overlay-1",
    data_source_id: "gauge-1",
    data_id: "rainfall",
    fragment_size: 1024,
    description: "Rain in the last minute.",
    ...change,
  };
}
