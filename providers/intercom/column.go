package intercom

import "github.com/inlay-sync/inlay/stream"

// These build declared columns. Identifiers are strings whatever the service sends.

func text(name, doc string) stream.Column   { return scalar(name, stream.String, doc) }
func number(name, doc string) stream.Column { return scalar(name, stream.Int, doc) }
func float(name, doc string) stream.Column  { return scalar(name, stream.Float, doc) }
func flag(name, doc string) stream.Column   { return scalar(name, stream.Bool, doc) }
func moment(name, doc string) stream.Column { return scalar(name, stream.Timestamp, doc) }
func open(name, doc string) stream.Column   { return scalar(name, stream.JSON, doc) }

func scalar(name string, k stream.Kind, doc string) stream.Column {
	return stream.Column{Name: name, Type: stream.Scalar(k), Doc: doc}
}

func record(name, doc string, fields ...stream.Column) stream.Column {
	return stream.Column{Name: name, Type: stream.StructOf(fields...), Doc: doc}
}

func list(name, doc string, fields ...stream.Column) stream.Column {
	return stream.Column{Name: name, Type: stream.ListOf(stream.StructOf(fields...)), Doc: doc}
}

func texts(name, doc string) stream.Column {
	return stream.Column{Name: name, Type: stream.ListOf(stream.Scalar(stream.String)), Doc: doc}
}

// kind is the constant by which the service names the sort of an object.
func kind() stream.Column { return text("type", "what Intercom calls this object") }

// reference is an object that only points at another one.
func reference(name, doc string) stream.Column {
	return record(name, doc, kind(), text("id", "its id"))
}

func attachments() stream.Column {
	return list("attachments", "files attached to it",
		kind(), text("name", "file name"), text("url", "where the file is"), text("content_type", "media type"),
		number("filesize", "bytes"), number("width", "pixels, of an image"), number("height", "pixels, of an image"))
}

// author is who wrote a message.
func author() stream.Column {
	return record("author", "who wrote it",
		text("type", "admin, user, lead, bot or team"), text("id", "their id"), text("name", "their name"), text("email", "their e-mail address"),
		flag("from_ai_agent", "written by the AI agent"), flag("is_ai_answer", "an answer by AI"))
}
