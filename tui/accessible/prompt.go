package accessible

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"mfa-tui/store/factors/words"
)

// errEnd ends the conversation: the person quits, or there is no more to read.
var errEnd = errors.New("the end")

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

// prompter says lines and asks questions.
type prompter struct {
	ctx    context.Context
	lines  chan string // what the person types; closed at the end of it
	out    io.Writer
	broken error  // of writing
	menu   string // the choices that were said last
}

func newPrompter(ctx context.Context, in io.Reader, out io.Writer) prompter {
	p := prompter{ctx: ctx, out: out, lines: make(chan string)}
	go read(ctx, in, p.lines)
	return p
}

// read reads lines until their end, or until nobody waits for them any more.
func read(ctx context.Context, in io.Reader, lines chan<- string) {
	defer close(lines)
	scanner := bufio.NewScanner(in)
	for scanner.Scan() {
		select {
		case lines <- words.Clean(scanner.Text()):
		case <-ctx.Done():
			return
		}
	}
}

// say writes a line of sentences, nothing if all are empty.
func (p *prompter) say(parts ...string) {
	if text := sentences(parts...); text != "" {
		p.write(text + "\n")
	}
}

// quote writes what others wrote, as it is.
func (p *prompter) quote(text string) { p.write(words.Clean(text) + "\n") }

func (p *prompter) write(text string) {
	if _, err := io.WriteString(p.out, text); err != nil && p.broken == nil {
		p.broken = err
	}
}

// sentences makes a sentence of each part that is not empty.
func sentences(parts ...string) string {
	var all []string
	for _, part := range parts {
		// On screens a dot stands between the parts of a name.
		part = strings.ReplaceAll(part, " · ", ", ")
		r, size := utf8.DecodeRuneInString(part)
		if size == 0 {
			continue
		}
		part = string(unicode.ToUpper(r)) + part[size:]
		if !strings.ContainsAny(part[len(part)-1:], ".?:") {
			part += "."
		}
		all = append(all, part)
	}
	return strings.Join(all, " ")
}

// ask asks a question and returns the answer without spaces around it.
func (p *prompter) ask(parts ...string) (string, error) {
	return p.prompt(strings.TrimSuffix(sentences(parts...), "."))
}

// prompt asks a question as it is.
func (p *prompter) prompt(question string) (string, error) {
	if !strings.HasSuffix(question, "?") {
		question += ":"
	}
	if p.write(question + " "); p.broken != nil {
		return "", p.broken
	}
	select {
	case line, ok := <-p.lines:
		if ok {
			return strings.TrimSpace(line), nil
		}
	case <-p.ctx.Done():
	}
	p.write("\n")
	return "", errEnd
}

// askUntil asks until check accepts the answer. It returns an empty one to go back.
// name is what is asked for; preset, unless that is empty, is what an empty line
// stands for.
func (p *prompter) askUntil(name, hint, preset string, check func(string) error) (string, error) {
	keys, back := "an empty line goes back", ""
	if preset != "" {
		keys, back = "press enter for "+preset+", or b to go back", "b"
	}
	for {
		answer, err := p.ask(name+", "+hint, keys)
		if err != nil || strings.EqualFold(answer, back) {
			return "", err
		}
		answer = cmp.Or(answer, preset)
		if err = check(answer); err == nil {
			return answer, nil
		}
		p.say(name + ": " + err.Error())
	}
}

// yes asks whether to go on with what can't be undone.
func (p *prompter) yes() (bool, error) {
	answer, err := p.ask("type yes to do it, anything else for no")
	yes := strings.EqualFold(answer, "yes")
	if err == nil && !yes {
		p.say("nothing was done")
	}
	return yes, err
}

// option is an answer that a question takes.
type option struct {
	key, does string
	do        func() error
}

// choose asks until one of the options, or an answer that other takes, is chosen.
// first, unless it is empty, is said before the options.
func (p *prompter) choose(first string, options []option, other func(answer string) (func() error, bool)) error {
	var said []string
	if first != "" {
		said = append(said, first)
	}
	for _, o := range options {
		said = append(said, o.key+" "+o.does)
	}
	menu := "Choose. " + strings.Join(said, ", ")
	for {
		question := menu
		if p.menu == menu { // said just now
			question = "Choose, or ? to hear the choices"
		}
		p.menu = menu
		answer, err := p.prompt(question)
		if err != nil {
			return err
		}
		if answer == "?" {
			p.menu = ""
			continue
		}
		if do, ok := chosen(options, answer); ok {
			return do()
		}
		if other != nil {
			if do, ok := other(answer); ok {
				return do()
			}
		}
		p.say(fmt.Sprintf("%q is none of the choices", answer))
	}
}

// chosen is what the option with a key does. A capital letter may be typed for a
// small one, but not the other way round.
func chosen(options []option, answer string) (func() error, bool) {
	for _, key := range []string{answer, strings.ToLower(answer)} {
		for _, o := range options {
			if o.key == key {
				return o.do, true
			}
		}
	}
	return nil, false
}

// pageLength is how many entries of a list are read out at a time.
const pageLength = 10

// entries are a list that is read out.
type entries struct {
	length int
	line   func(i int) string
	open   func(i int) error
	// load gets more entries at the end, nil if there are no more.
	load    func() error
	options []option // besides the number of an entry
}

// choose reads out the entries from one on and asks what to do.
func (e *entries) choose(p *prompter, from int) error {
	to := min(e.length, from+pageLength)
	for i := from; i < to; i++ {
		p.say(strconv.Itoa(i+1) + ": " + e.line(i))
	}
	var options []option
	if to < e.length || e.load != nil {
		options = []option{{"m", "for more of them", func() error {
			if to == e.length {
				if err := e.load(); err != nil {
					return err
				}
			}
			return e.choose(p, to)
		}}}
	}
	first := ""
	if e.length > 0 {
		first = "A number to open that one"
	}
	return p.choose(first, append(options, e.options...), func(answer string) (func() error, bool) {
		n, err := strconv.Atoi(answer)
		if err != nil || n < 1 || n > e.length {
			return nil, false
		}
		return func() error { return e.open(n - 1) }, true
	})
}
