// Package convert defines the conversion: a Treasure Data connector file for Intercom and
// the arguments it was run with, written anew as inlay's HCL.
//
// It is pure: bytes and arguments in, text out. The text is formatted and always loads,
// given that the columns it names are columns of the stream. No credential is ever copied,
// neither into the text nor into a note or an error. What cannot be carried over is never
// dropped in silence: it becomes a comment where it would have stood, with the reason, and
// a Note. Where a guess could change which rows a table holds, there is an Error instead.
//
// What is understood of the other side:
//
//   - the file as the td command accepts it: in, out, filters and exec, or a lone config,
//     or what belongs under in by itself; in YAML or JSON, with anchors and merge keys
//   - the filter add_time of Embulk, in its three forms
//   - the arguments of td connector:issue and td connector:create, as Treasure Data's td takes them
package convert
