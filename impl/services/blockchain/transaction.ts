import { createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from "node:crypto";

/** A transaction: something that its maker signs. As it travels: JSON, octets in base64url. */
export interface Transaction {
  /** Its signature, which no other transaction has. */
  readonly id: string;
  /** The maker's Ed25519 key, SPKI. */
  readonly from: string;
  /** Counts the transactions of its maker, from 1. */
  readonly number: number;
  readonly memo: string;
}

export interface Wallet {
  transaction(memo: string): Transaction;
}

export function createWallet(): Wallet {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const from = publicKey.export({ format: "der", type: "spki" }).toString("base64url");
  let number = 0;
  return {
    transaction(memo) {
      number++;
      const id = sign(null, signed({ from, number, memo }), privateKey).toString("base64url");
      return { id, from, number, memo };
    },
  };
}

const keys = new Map<string, KeyObject>();

/** Why it is no transaction, or undefined. */
export function faultOf({ id, from, number, memo }: Transaction): string | undefined {
  if (typeof id !== "string" || typeof from !== "string" || typeof memo !== "string" || !Number.isInteger(number)) {
    return "id, from, number and memo are wanted of a transaction";
  }
  try {
    const key = keys.get(from) ?? createPublicKey({ key: Buffer.from(from, "base64url"), format: "der", type: "spki" });
    keys.set(from, key);
    return verify(null, signed({ from, number, memo }), key, Buffer.from(id, "base64url"))
      ? undefined
      : "the signature is not the maker's";
  } catch {
    return "from is no Ed25519 key";
  }
}

const signed = ({ from, number, memo }: Omit<Transaction, "id">): Buffer =>
  Buffer.from(JSON.stringify([from, number, memo]));
