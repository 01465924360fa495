// Reads a plain glob of Parquet files with Polars and writes the rows it saw as one Parquet
// file.
import pl from "nodejs-polars";

const [glob, out] = process.argv.slice(2);
pl.scanParquet(glob).collectSync().writeParquet(out);
