package tui

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/dustin/go-humanize/english"

	"mfa-tui/store"
	"mfa-tui/store/factors"
)

// Converse is the same flow without screens: plain lines and questions, for
// screen readers and braille displays. It draws nothing twice, and writes neither
// boxes nor colours. It runs the commands that the screens run, on the same
// session, and returns when the person quits, when in ends or ctx is done; what is
// under way then is finished as after [Model.Finish].
func (m Model) Converse(ctx context.Context, in io.Reader, out io.Writer) error {
	t := &talk{session: m.session, ctx: ctx, out: out, lines: make(chan string)}
	go t.read(in)
	err := t.begin(m.notice)
	if errors.Is(err, errEnd) {
		return t.failed
	}
	return errors.Join(err, t.failed)
}

// talk is a conversation with a person.
type talk struct {
	*session
	ctx    context.Context
	lines  chan string // what the person types; closed at the end of it
	out    io.Writer
	failed error  // of writing
	found  string // what the list is searched for
	menu   string // the choices that were said last
}

// errEnd ends a conversation: the person quits, or there is no more to read.
var errEnd = errors.New("the end")

// read reads lines until their end, or until nobody waits for them any more.
func (t *talk) read(in io.Reader) {
	defer close(t.lines)
	scanner := bufio.NewScanner(in)
	for scanner.Scan() {
		select {
		case t.lines <- clean(scanner.Text()):
		case <-t.ctx.Done():
			return
		}
	}
}

// say writes a line, without the signs that separate or stress on the screens.
func (t *talk) say(format string, args ...any) {
	text := sentences(fmt.Sprintf(format, args...))
	if _, err := fmt.Fprintln(t.out, text); err != nil && t.failed == nil {
		t.failed = err
	}
}

// signs are what only the eye needs.
var signs = strings.NewReplacer("✓ ", "", "✗ ", "", "– ", "", "! ", "", "…", "")

// maskedInText is a phone number of which only the last digits are shown.
var maskedInText = regexp.MustCompile(`\+?[•\-() ]*•[•\-() ]*(\d{4})`)

// sentences makes sentences of the parts that a notice puts dots between.
func sentences(text string) string {
	text = maskedInText.ReplaceAllString(text, "phone ending in $1")
	parts := strings.Split(signs.Replace(text), " · ")
	for i, p := range parts {
		if r, size := utf8.DecodeRuneInString(p); size > 0 {
			parts[i] = string(unicode.ToUpper(r)) + p[size:]
		}
	}
	return strings.Join(parts, ". ")
}

// quote writes what others wrote, as it is.
func (t *talk) quote(text string) {
	if _, err := fmt.Fprintln(t.out, clean(text)); err != nil && t.failed == nil {
		t.failed = err
	}
}

// ask asks a question and returns the answer without spaces around it.
func (t *talk) ask(format string, args ...any) (string, error) {
	text := sentences(fmt.Sprintf(format, args...))
	if _, err := fmt.Fprint(t.out, text+": "); err != nil {
		return "", err
	}
	select {
	case line, ok := <-t.lines:
		if !ok {
			t.say("")
			return "", errEnd
		}
		return strings.TrimSpace(line), nil
	case <-t.ctx.Done():
		t.say("")
		return "", errEnd
	}
}

// option is an answer that a question takes.
type option struct {
	key, does string
	do        func() error
}

// choose asks until one of the options, or an answer that other takes, is chosen.
func (t *talk) choose(lead string, options []option, other func(answer string) (func() error, bool)) error {
	words := make([]string, len(options))
	for i, o := range options {
		words[i] = o.key + " " + o.does
	}
	menu := lead + strings.Join(words, ", ")
	for {
		question := menu
		if t.menu == menu { // said just now
			question = "Choose, or ? to hear the choices"
		}
		t.menu = menu
		answer, err := t.ask("%s", question)
		if err != nil {
			return err
		}
		if answer == "?" {
			t.menu = ""
			continue
		}
		for _, o := range options {
			if strings.EqualFold(answer, o.key) {
				return o.do()
			}
		}
		if other != nil {
			if do, ok := other(answer); ok {
				return do()
			}
		}
		t.say("%q is none of the choices.", answer)
	}
}

// errBack goes back to the step before.
var errBack = errors.New("back")

func goBack() error { return errBack }

func quit() error { return errEnd }

// until repeats a step until it goes back.
func until(step func() error) error {
	for {
		switch err := step(); {
		case errors.Is(err, errBack):
			return nil
		case err != nil:
			return err
		}
	}
}

// run runs a command of the screens and returns the message that ends it.
func run[M tea.Msg](t *talk, verb string, command tea.Cmd) (M, error) {
	t.say("%s", verb)
	msg, ok := command().(M)
	if !ok { // the program is ending
		return msg, errEnd
	}
	return msg, nil
}

// begin is the first step: the list, once the factor file can be read.
func (t *talk) begin(n notice) error {
	t.say("This is mfa-tui, %s.", map[factors.Mode]string{
		factors.Local: "on the local engine, which works offline: set WORKOS_API_KEY to use WorkOS",
		factors.Test:  "at WorkOS, test environment",
		factors.Live:  "at WorkOS, live environment: text messages go to real people",
	}[t.Mode])
	if n.text != "" {
		t.say("%s.", n.text)
	}
	if t.Store == nil {
		if err := until(t.mendStore); err != nil {
			return err
		}
	}
	return until(t.list)
}

// mendStore is the step while the factor file can't be read.
func (t *talk) mendStore() error {
	s := newStoreErrorScreen(t.session, t.StoreErr)
	t.say("The factor file can't be read: %s. It is left as it is.", clean(t.StoreErr.Error()))
	options := []option{{"r", "to try again", func() error {
		msg, err := run[storeOpenedMsg](t, "Reading.", t.openStore(t.nextID()))
		return t.opened(msg.store, cmp.Or(err, msg.err))
	}}}
	if !s.copied().IsZero() {
		options = append(options, option{"b", "to put its last good copy back", func() error {
			msg, err := run[storeRestoredMsg](t, "Putting the copy back.", t.restoreStore(t.nextID()))
			return t.opened(msg.store, cmp.Or(err, msg.err))
		}})
	}
	return t.choose("Choose. ", append(options, option{"q", "to quit", quit}), nil)
}

// opened goes on with a factor file that could be opened.
func (t *talk) opened(s *store.Store, err error) error {
	switch {
	case errors.Is(err, errEnd):
		return err
	case err != nil:
		t.StoreErr = err
		return nil
	}
	t.Store = s
	return errBack
}

// pageLength is how many factors are read out at a time.
const pageLength = 10

// list is the step of the first screen.
func (t *talk) list() error {
	if look := t.lookAtStore(); look != nil {
		look()
	}
	records := t.records()
	switch {
	case len(records) == 0 && t.found != "":
		t.say("No factor has %q in it.", t.found)
	case len(records) == 0:
		t.say("No current factors.")
	case t.found != "":
		t.say("%s with %q, %s.", english.Plural(len(records), "factor", ""), t.found, t.order)
	default:
		t.say("%s, %s.", english.Plural(len(records), "factor", ""), t.order)
	}
	return t.page(records, 0)
}

// page reads out some of the factors and asks what to do.
func (t *talk) page(records []store.Record, from int) error {
	to := min(len(records), from+pageLength)
	for i, r := range records[from:to] {
		t.say("%d: %s.", from+i+1, t.line(r))
	}
	var options []option
	if to < len(records) {
		options = append(options, option{"m", "for more of them", func() error { return t.page(records, to) }})
	}
	options = append(options, option{"n", "to enroll", t.enroll}, option{"a", "to adopt by id", t.adopt})
	if len(records) > 1 {
		options = append(options, option{"s", "to sort", func() error { t.order = t.order.next(); return nil }})
	}
	if len(records) > 1 || t.found != "" {
		options = append(options, option{"f", "to find", t.find})
	}
	options = append(options, option{"q", "to quit", quit})
	lead := "Choose. "
	if len(records) > 0 {
		lead = "Choose. A number to open that factor, "
	}
	return t.choose(lead, options, func(answer string) (func() error, bool) {
		n, err := strconv.Atoi(answer)
		if err != nil || n < 1 || n > len(records) {
			return nil, false
		}
		return func() error { return t.open(records[n-1].ID) }, true
	})
}

// records are the factors in their order, those that were asked for.
func (t *talk) records() []store.Record {
	in := index{records: t.sortedRecords()}
	var records []store.Record
	for _, r := range in.find(t.found) {
		records = append(records, *r)
	}
	return records
}

func (t *talk) find() (err error) {
	t.found, err = t.ask("Find what in label, issuer, user, phone, id or type? An empty line shows all")
	return err
}

// line is a factor in one sentence.
func (t *talk) line(r store.Record) string {
	state, _ := factorState(t.session, r)
	return typeName(r.Type) + ", " + spokenName(r) + ", " + state
}

// spokenName is the name of a factor for the ear.
func spokenName(r store.Record) string {
	if r.Label == "" && r.SMS != nil {
		digits := []rune(clean(r.SMS.PhoneNumber))
		return "phone ending in " + string(digits[max(0, len(digits)-4):])
	}
	return strings.ReplaceAll(factorName(r), " · ", ", ")
}

// adopt is the step that takes a factor onto the list by its id.
func (t *talk) adopt() error {
	id, err := t.ask("Id of the factor, auth_factor_ and letters and digits; an empty line goes back")
	switch {
	case err != nil || id == "":
		return err
	}
	if _, err := factors.CheckID(id); err != nil {
		t.say("%s.", err)
		return t.adopt()
	}
	msg, err := run[factorAdoptedMsg](t, "Looking for the factor.", t.adoptFactor(t.ctx, t.nextID(), id))
	switch {
	case err != nil:
		return err
	case msg.err != nil:
		t.say("Not adopted: %s.", t.explain(msg.err))
		return nil
	}
	if err := t.keep("The factor was found", msg.record, msg.saveErr); err != nil {
		return err
	}
	return t.open(msg.record.ID)
}

// keep asks to save again while a factor is not in the factor file.
func (t *talk) keep(what string, r store.Record, saveErr error) error {
	for saveErr != nil {
		t.say("%s, but the factor file could not be written: %s.", what, clean(saveErr.Error()))
		t.say("Its id is %s. Without it the factor can't be found again.", clean(r.ID))
		answer, err := t.ask("Put that right, then press enter to save again. Or g to go on: what is not saved is printed when you quit")
		if err != nil {
			return err
		}
		if strings.EqualFold(answer, "g") {
			return nil
		}
		msg, err := run[savedMsg](t, "Saving.", t.saveUnsaved(t.nextID()))
		if err != nil {
			return err
		}
		saveErr = msg.saveErr
	}
	return nil
}

// record is a factor as it is now.
func (t *talk) record(id string) (store.Record, bool) {
	if r, ok := t.Store.Record(id); ok {
		return r, true
	}
	unsaved := t.Store.Unsaved()
	if i := slices.IndexFunc(unsaved, func(r store.Record) bool { return r.ID == id }); i >= 0 {
		return unsaved[i], true
	}
	return store.Record{}, false
}
