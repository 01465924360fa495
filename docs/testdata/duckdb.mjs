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

// a box like that of the command line: names, types, rows
const head = [reader.columnNames(), reader.columnTypes().map((t) => String(t).toLowerCase())];
const lines = [...head, ...reader.getRowsJson().map((row) => row.map((v) => (v === null ? "NULL" : String(v))))];
const widths = head[0].map((_, i) => Math.max(...lines.map((line) => line[i].length)));
const rule = (left, middle, right) => left + widths.map((w) => "─".repeat(w + 2)).join(middle) + right;
const show = (line) => "│ " + line.map((v, i) => v.padEnd(widths[i])).join(" │ ") + " │";
console.log([rule("┌", "┬", "┐"), ...head.map(show), rule("├", "┼", "┤"), ...lines.slice(2).map(show), rule("└", "┴", "┘")].join("\n"));
