package inspect

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// Field is a field of a body, for a summary of it.
type Field struct {
	Name string // empty where the body is no object
	Text string // JSON; of an object or a list only "{…}" or "[2]", of a long text its ends
}

// Fields returns the fields of what was sent and of what came back, but for what kind of
// object it is and since when: the plain ones, then those with fields of their own.
func (c Call) Fields() (sent, got []Field) {
	read := c.fields
	if read == nil {
		read = c.readFields
	}
	both := read()
	return both[0], both[1]
}

func (c Call) readFields() [2][]Field {
	return [2][]Field{c.Request.fields(), c.Response.fields()}
}

// fields returns nil if there is no JSON, and none for an object without any.
func (b Body) fields() []Field {
	if b.JSON == nil {
		return nil
	}
	in := json.NewDecoder(bytes.NewReader(b.JSON))
	if open, _ := in.Token(); open != json.Delim('{') {
		return []Field{{"", ends(string(b.JSON))}}
	}
	plain, nested := []Field{}, []Field{}
	for in.More() {
		name, _ := in.Token()
		var value json.RawMessage
		if in.Decode(&value) != nil {
			break
		}
		switch key, _ := name.(string); {
		case key == "object" || key == "created_at" || key == "updated_at":
		case value[0] == '{':
			nested = append(nested, Field{key, "{…}"})
		case value[0] == '[':
			var items []json.RawMessage
			_ = json.Unmarshal(value, &items) // it is an array
			nested = append(nested, Field{key, "[" + strconv.Itoa(len(items)) + "]"})
		default:
			plain = append(plain, Field{ends(key), ends(string(value))})
		}
	}
	return append(plain, nested...)
}

// ends is a text, of a long one the ends: more than any line has room for.
func ends(text string) string {
	const each = 200 // bytes
	if len(text) > 2*each {
		text = text[:each] + "…" + text[len(text)-each:]
	}
	return strings.ToValidUTF8(text, "")
}
