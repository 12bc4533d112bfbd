import { detectProfile, type FrameDecoder, profiles, type WireProfile } from "../wire/profile.js";

/**
 * Takes the stream of a link that another peer opened: by its first frame it shows how it spells its messages, and they are told by
 * `found` before the first of them is given out. Holds no more than one header until then.
 */
export function createDetectingDecoder(found: (profile: WireProfile) => FrameDecoder): FrameDecoder {
  let decoder: FrameDecoder | undefined;
  let held: Uint8Array = new Uint8Array(0);
  return {
    push(chunk) {
      if (decoder !== undefined) return decoder.push(chunk);
      const octets = held.length === 0 ? chunk : joined(held, chunk);
      const name = detectProfile(octets);
      if (name === undefined) {
        held = octets;
        return [];
      }
      held = new Uint8Array(0);
      decoder = found(profiles[name]);
      return decoder.push(octets);
    },
    get pending() {
      return decoder?.pending ?? held.length;
    },
  };
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
