package sandbox

import "time"

const (
	articles    = "articles"
	collections = "collections"
	helpCenters = "help_centers"
	macros      = "macros"
	newsItems   = "news_items"

	collectionBase  = 159
	collectionCount = 6
	helpCenterBase  = 79
)

func articleKind() kind { return kind{name: articles, ids: idForm{base: 39}, write: writeArticle} }

func writeArticle(w *Workspace, b []byte, r row) []byte {
	g := randomAt(w.collections[articles].salt, r.index)
	title := "How to handle the " + g.pick(topics)
	b = text(b, `{"id":`, r.id)
	b = text(b, `,"type":"article","workspace_id":`, w.options.Workspace)
	if r.minor < 16 {
		b = number(b, `,"parent_id":`, int64(collectionBase+g.below(collectionCount)))
		b = append(b, `,"parent_type":"collection","parent_ids":[]`...)
	} else {
		b = append(number(b, `,"parent_ids":[`, int64(collectionBase+g.below(collectionCount))), ']')
	}
	b = append(b, `,"tags":{"type":"tag.list","tags":[]}`...)
	b = text(b, `,"title":`, title)
	b = text(b, `,"description":`, g.pick(sentences))
	b = text(b, `,"body":`, "<h1>"+title+"</h1><p>"+g.pick(sentences)+"</p>")
	b = number(b, `,"author_id":`, int64(adminBase+g.below(adminCount)))
	if g.one(5) {
		b = append(b, `,"state":"draft","url":null`...)
	} else {
		b = text(b, `,"state":"published","url":`, "https://help.example.com/en/articles/"+r.id)
	}
	b = number(b, `,"created_at":`, r.created)
	b = number(b, `,"updated_at":`, r.updated)
	return append(b, `,"default_locale":"en"}`...)
}

func collectionKind() kind {
	return kind{name: collections, ids: idForm{base: collectionBase}, write: writeCollection}
}

func writeCollection(w *Workspace, b []byte, r row) []byte {
	b = text(b, `{"id":`, r.id)
	b = text(b, `,"workspace_id":`, w.options.Workspace)
	b = text(b, `,"name":`, "All about the "+topics[int(r.index)%len(topics)])
	b = text(b, `,"url":`, "https://help.example.com/collection-"+r.id)
	b = number(b, `,"order":`, int64(r.index)+1)
	b = number(b, `,"created_at":`, r.created)
	b = number(b, `,"updated_at":`, r.updated)
	b = append(b, `,"description":null,"icon":"bookmark"`...)
	if r.index%3 == 0 {
		return append(number(b, `,"parent_id":null,"help_center_id":`, helpCenterBase), '}')
	}
	b = number(b, `,"parent_id":"`, collectionBase+int64(r.index-r.index%3))
	return append(b, `","help_center_id":null}`...)
}

func helpCenterKind() kind {
	return kind{name: helpCenters, ids: idForm{base: helpCenterBase}, write: writeHelpCenter}
}

func writeHelpCenter(w *Workspace, b []byte, r row) []byte {
	b = text(b, `{"id":`, r.id)
	b = text(b, `,"workspace_id":`, w.options.Workspace)
	b = number(b, `,"created_at":`, r.created)
	b = number(b, `,"updated_at":`, r.updated)
	b = truth(b, `,"identifier":"sandbox","website_turned_on":true,"display_name":"Sandbox help","url":"https://help.example.com","custom_domain":null,"default":`, r.index == 0)
	return append(b, `,"locales":["en","ja"]}`...)
}

func macroKind() kind { return kind{name: macros, ids: idForm{base: 123}, write: writeMacro} }

// writeMacro: macros alone tell their times in ISO 8601.
func writeMacro(w *Workspace, b []byte, r row) []byte {
	g := randomAt(w.collections[macros].salt, r.index)
	body := g.pick(sentences)
	b = text(b, `{"type":"macro","id":`, r.id)
	b = text(b, `,"name":`, "Answer to a "+g.pick(topics)+" question")
	b = text(b, `,"body":`, "<p>"+body+"</p>")
	b = text(b, `,"body_text":`, body)
	b = text(b, `,"created_at":`, iso(r.created))
	b = text(b, `,"updated_at":`, iso(r.updated))
	if r.index%4 == 3 {
		b = number(b, `,"visible_to":"specific_teams","visible_to_team_ids":["`, int64(teamBase+g.below(teamCount)))
		return append(b, `"],"available_on":["inbox"]}`...)
	}
	return append(b, `,"visible_to":"everyone","visible_to_team_ids":[],"available_on":["inbox","messenger"]}`...)
}

func iso(at int64) string { return time.Unix(at, 0).UTC().Format("2006-01-02T15:04:05.000Z") }

func newsKind() kind { return kind{name: newsItems, ids: idForm{base: 29}, write: writeNews} }

func writeNews(w *Workspace, b []byte, r row) []byte {
	g := randomAt(w.collections[newsItems].salt, r.index)
	b = text(b, `{"id":`, r.id)
	b = text(b, `,"type":"news-item","workspace_id":`, w.options.Workspace)
	b = text(b, `,"title":`, "News about the "+g.pick(topics))
	b = text(b, `,"body":`, "<p>"+g.pick(sentences)+"</p>")
	b = number(b, `,"sender_id":`, int64(adminBase+g.below(adminCount)))
	b = append(b, `,"state":"live","labels":["New"],"cover_image_url":null,"reactions":[null,null,null,null],"deliver_silently":false`...)
	b = number(b, `,"created_at":`, r.created)
	b = number(b, `,"updated_at":`, r.updated)
	return append(number(b, `,"newsfeed_assignments":[{"newsfeed_id":53,"published_at":`, r.created), `}]}`...)
}
