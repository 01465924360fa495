// Answers SQL on standard input with JSON on standard output, one line each, so that a
// test can ask an independent engine what a folder of Parquet files holds.
import { DuckDBInstance } from "@duckdb/node-api";
import { createInterface } from "node:readline";

const instance = await DuckDBInstance.create(":memory:", { threads: process.env.DUCKDB_THREADS ?? "2" });
const connection = await instance.connect();
await connection.run("SET TimeZone = 'UTC'");

for await (const line of createInterface({ input: process.stdin })) {
  const { sql } = JSON.parse(line);
  let answer;
  try {
    const reader = await connection.runAndReadAll(sql);
    answer = { columns: reader.columnNames(), types: reader.columnTypes().map(String), rows: reader.getRowsJson() };
  } catch (error) {
    answer = { error: String(error.message ?? error) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
