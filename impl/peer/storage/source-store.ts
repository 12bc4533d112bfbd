import { rm } from "node:fs/promises";
import { type FolderStoreOptions, folderOf, openFolderStore } from "./folder-store.js";
import type { FragmentStore } from "./fragment-store.js";
import { createMemoryFragmentStore } from "./memory-store.js";
import type { ContentIdentity } from "./progress.js";

/**
 * Where a source peer keeps what it appends: a FILE in the peer's folder, where it has one, else memory. Closing it deletes the FILE: its session
 * is over then, and nobody takes it up.
 *
 * @throws Error of the system
 */
export async function openSourceStore(
  folder: string | undefined,
  contentType: "FILE" | "STREAM",
  identity: ContentIdentity,
  options: FolderStoreOptions,
): Promise<FragmentStore> {
  if (folder === undefined || contentType !== "FILE") return createMemoryFragmentStore();
  const own = folderOf(folder, identity.overlayId);
  const store = await openFolderStore(own, identity, options);
  return {
    ...store,
    async close() {
      await store.close();
      await rm(own, { recursive: true, force: true });
    },
  };
}
