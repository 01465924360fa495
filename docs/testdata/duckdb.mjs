// DuckDB for Node, called as its command line is: [FILE] [-c SQL], else SQL from standard input.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const installed = createRequire(join(process.env.REPOSITORY, "checks/duckdb/serve.mjs"));
const { DuckDBInstance } = installed("@duckdb/node-api");

const args = process.argv.slice(2);
const file = args[0] && args[0] !== "-c" ? args.shift() : ":memory:";
const sql = args[0] === "-c" ? args[1] : readFileSync(0, "utf8");

const connection = await (await DuckDBInstance.create(file)).connect();
const reader = await connection.runAndReadAll(sql);
console.log(reader.columnNames().join("|"));
for (const row of reader.getRowsJson()) console.log(row.join("|"));
