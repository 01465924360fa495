package convert

// tokenVariable is the variable of the environment that the converted text reads.
const tokenVariable = "INTERCOM_ACCESS_TOKEN"

// credentials are the keys under `in` that let the connector in, with why they are not
// carried over. Not one of their values is looked at.
var credentials = [...]struct {
	keys []string
	why  string
}{
	{[]string{"app_id", "api_key"}, "Intercom has retired this pair. An access token or a sign-in takes its place."},
	{[]string{"td_authentication_id"}, "it names a sign-in that Treasure Data keeps and does not give away. An access token or a sign-in of your own takes its place."},
	{[]string{"auth_method", "authentication_method"}, "the block oauth or the attribute access_token says by itself how inlay signs in."},
	{[]string{"client_id", "client_secret", "refresh_token"}, "an app of your own takes the place of Treasure Data's, and nothing secret is copied."},
}

// writeConnection writes the block that every converted file may share. Credentials become
// the name of a variable of the environment.
func (c *conversion) writeConnection() error {
	b, in := newBlock("connection", "intercom", c.facts.connection), c.file.in
	token := in.has("access_token")
	for _, k := range credentials {
		if there := in.among(k.keys); len(there) > 0 {
			c.leave(b, in.at(there[0]), "%s not carried over: %s", in.are(there), k.why)
		}
	}
	if c.args.NoConnection {
		c.top = append(c.top, b.body...)
		return nil
	}
	if token {
		b.say("The token is not copied. Put it into %s where inlay runs.", tokenVariable)
	} else {
		b.say("Put an access token into %s where inlay runs. Or sign in with an app of your own: in place of access_token write", tokenVariable)
		b.show(`oauth { client_id = "…" }`)
		b.say("and run")
		b.show("inlay login connection.intercom." + c.facts.connection)
	}
	b.set("access_token", "env("+literal(tokenVariable)+")")
	c.connection = b
	return nil
}
