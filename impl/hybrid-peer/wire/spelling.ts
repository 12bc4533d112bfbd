import { type ByteOrder, profile } from "../../../generated/hybrid-peer/frame/index.js";

type Described = (typeof profile.profiles)["p23" | "p22" | "p20"];

/** How a profile spells what it says: spec/hybrid-peer/profile.yaml. */
export interface Spelling extends Readonly<Record<keyof Described["keys"], string>> {
  readonly frame: { readonly byteOrder: ByteOrder };
  /** Data carry an extension header between header and payload. */
  readonly extensionHeader: boolean;
  /** Data carry a sequence. Flags and members that an unnumbered profile does not know are left out where they say nothing. */
  readonly numbered: boolean;
  /** Empty parameters are an empty object, not left out. */
  readonly emptyParams: boolean;
  /** `cseq` goes as text. */
  readonly textCseq: boolean;
}

function spellingOf({ keys, byteOrder, extensionHeader, numbered, emptyParams, textCseq }: Described): Spelling {
  return { ...keys, frame: { byteOrder }, extensionHeader, numbered, emptyParams, textCseq };
}

const { p23, p22, p20 } = profile.profiles;

export const spellings = { p23: spellingOf(p23), p22: spellingOf(p22), p20: spellingOf(p20) } as const;
