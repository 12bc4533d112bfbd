/** What is used of bittorrent-dht, which brings no types. */
declare module "bittorrent-dht" {
  import { EventEmitter } from "node:events";

  export default class DHT extends EventEmitter {
    constructor(options: {
      /** `host:port` over UDP; false: nobody is asked at the start. */
      bootstrap: readonly string[] | false;
      /** ms after which an announcement is forgotten. */
      maxAge?: number;
      host?: string;
    });
    listen(port: number, address: string, listening: () => void): void;
    address(): { readonly address: string; readonly port: number };
    addNode(node: { readonly host: string; readonly port: number }): void;
    /** Calls back when the nodes closest to the key have been asked; `peer` events come before. */
    lookup(key: Buffer, done: (error: Error | null, count: number) => void): () => void;
    announce(key: Buffer, port: number, done: (error: Error | null) => void): void;
    destroy(done?: () => void): void;
  }
}
