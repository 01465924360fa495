// Writes an Avro file again without compression. icebird 0.3.1 takes Avro's deflate for gzip
// and fails on longer blocks; what the blocks hold it reads by itself.
import { inflateRawSync } from "node:zlib";

export function plain(file) {
  let at = 4; // after "Obj" and a 1
  const number = () => {
    let value = 0n, shift = 0n, byte;
    do {
      byte = file[at++];
      value |= BigInt(byte & 127) << shift;
      shift += 7n;
    } while (byte & 128);
    return Number((value >> 1n) ^ -(value & 1n));
  };
  const bytes = (n) => file.subarray(at, (at += n));
  const meta = [];
  for (let n = number(); n !== 0; n = number()) {
    for (let i = 0; i < n; i++) meta.push([bytes(number()).toString(), bytes(number())]);
  }
  if (!meta.some(([key, value]) => key === "avro.codec" && value.toString() === "deflate")) return file;
  const sync = bytes(16);
  const long = (n) => {
    const out = [];
    for (let z = BigInt(n) << 1n; ; z >>= 7n) {
      if (z < 128n) return Buffer.from([...out, Number(z)]);
      out.push(Number(z & 127n) | 128);
    }
  };
  const sized = (b) => Buffer.concat([long(b.length), b]);
  const out = [file.subarray(0, 4), long(meta.length)];
  for (const [key, value] of meta) out.push(sized(Buffer.from(key)), sized(key === "avro.codec" ? Buffer.from("null") : value));
  out.push(long(0), sync);
  while (at < file.length) {
    out.push(long(number()), sized(inflateRawSync(bytes(number()))), sync);
    at += 16;
  }
  return Buffer.concat(out);
}
