import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

const version = 0x80;
const ivAt = 9;
const textAt = ivAt + 16;
const macBytes = 32;

/** Settled by the specification's test vectors only. */
export interface FernetInputs {
  /** @default now */
  readonly date?: Date;
  /** 16 bytes. @default random ones */
  readonly iv?: Uint8Array;
}

/**
 * Fernet: AES-128-CBC with a SHA-256 HMAC, in the format that many languages share
 * (https://github.com/fernet/spec). The first half of the 32 byte key signs, the second encrypts.
 */
export class Fernet {
  readonly #signing: Buffer;
  readonly #encryption: Buffer;

  /** @param key 32 bytes in URL-safe base64 */
  constructor(key: string) {
    const bytes = Buffer.from(key, "base64url");
    if (bytes.length !== 32) throw new Error(`key: want 32 bytes in URL-safe base64, got ${bytes.length} bytes`);
    this.#signing = bytes.subarray(0, 16);
    this.#encryption = bytes.subarray(16);
  }

  encrypt(text: string, { date = new Date(), iv = randomBytes(16) }: FernetInputs = {}): string {
    const head = Buffer.alloc(ivAt);
    head[0] = version;
    head.writeBigUInt64BE(BigInt(Math.floor(date.getTime() / 1000)), 1);
    const cipher = createCipheriv("aes-128-cbc", this.#encryption, iv);
    const signed = Buffer.concat([head, iv, cipher.update(text, "utf8"), cipher.final()]);
    return padded(Buffer.concat([signed, this.#mac(signed)]).toString("base64url"));
  }

  /** Undefined for what another key made, or nobody, or where there is no text inside. */
  decrypt(token: string): string | undefined {
    const bytes = Buffer.from(token, "base64url");
    const textBytes = bytes.length - textAt - macBytes;
    if (bytes[0] !== version || textBytes < 16 || textBytes % 16 !== 0) return undefined;
    const signed = bytes.subarray(0, -macBytes);
    if (!timingSafeEqual(this.#mac(signed), bytes.subarray(-macBytes))) return undefined;
    const decipher = createDecipheriv("aes-128-cbc", this.#encryption, signed.subarray(ivAt, textAt));
    try {
      return decipher.update(signed.subarray(textAt), undefined, "utf8") + decipher.final("utf8");
    } catch {
      // Signed with this key, but padded wrongly: whoever made it was mistaken.
      return undefined;
    }
  }

  #mac(signed: Uint8Array): Buffer {
    return createHmac("sha256", this.#signing).update(signed).digest();
  }
}

/** Other implementations refuse a token without its padding. */
const padded = (text: string): string => text.padEnd(Math.ceil(text.length / 4) * 4, "=");
