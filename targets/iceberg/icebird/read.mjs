// Reads the current snapshot of an Iceberg table, whose metadata file is the first argument, and
// writes some columns of every row, one line of JSON each. The second argument is the address
// of the S3 server, where the table stands on one.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { icebergRead } from "icebird/src/read.js"; // alone, as what writes files needs an older hyparquet
import { plain } from "./avro.mjs";

const [metadataFile, endpoint] = process.argv.slice(2);
const overNetwork = globalThis.fetch;

async function whole(url) {
  const s3 = /^https:\/\/([^.]+)\.s3\.amazonaws\.com\/(.*)$/.exec(url) ?? /^s3:\/\/([^/]+)\/(.*)$/.exec(url);
  if (!s3) return readFile(fileURLToPath(url));
  return Buffer.from(await (await overNetwork(`${endpoint}/${s3[1]}/${s3[2]}`)).arrayBuffer());
}

// icebird reads by HTTP, and from Amazon; files of this machine and of a server here are
// served to it so.
globalThis.fetch = async (url, init = {}) => {
  const file = await whole(String(url));
  const bytes = String(url).endsWith(".avro") ? plain(file) : file;
  const range = /^bytes=(\d+)-(\d*)$/.exec(new Headers(init.headers).get("range") ?? "");
  const body = range ? bytes.subarray(Number(range[1]), range[2] === "" ? undefined : Number(range[2]) + 1) : bytes;
  return new Response(init.method === "HEAD" ? null : body, { status: range ? 206 : 200, headers: { "content-length": String(body.length) } });
};

const metadata = JSON.parse(await whole(metadataFile));
for (const row of await icebergRead({ tableUrl: metadata.location, metadata })) {
  const created = row.created_at === undefined || row.created_at === null ? null : row.created_at.getTime();
  process.stdout.write(JSON.stringify({ id: row.id, email: row.email ?? null, name: row.name ?? null, created, tags: Number(row.tags_count ?? 0) }) + "\n");
}
