// Package lang is what the person wrote: it reads a folder of configuration and returns a
// checked and evaluated Config, or diagnostics that say what is wrong, why and what to do.
//
// What it guarantees:
//
//   - Load is a function of the files, the variables it is given and the environment it may
//     ask; there is no clock and no randomness in the language, so one text gives one Config.
//   - Load never stops at the first mistake. It returns everything that could be made out
//     together with the diagnostics, and a mistake is reported once, where it was made:
//     whatever depends on a broken value stays silent.
//   - No ephemeral or sensitive value stands in Block.Settings. Ephemeral attributes travel
//     as setting.Secret; deriving a stored value from a secret one is an error that names the
//     path the value took. A value that a command may not need (a token whose variable is
//     unset) is reported as Missing and is no diagnostic.
//   - Every attribute of every block is known by its place, for snippets and reasons.
//
// What blocks look like is not decided here: the attributes of a connection, source, target
// or schedule come in a Catalogue, as data. The language itself adds variable, locals,
// output, module, moved, removed and the inlay block, and in every block for_each, enabled,
// lifecycle and dynamic.
//
// HCL and cty stay inside: callers see strings, setting.Values and Diagnostics.
package lang
