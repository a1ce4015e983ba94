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

	"mfa-tui/store/factors/words"
)

// errEnd ends the conversation: the person quits, or the input ends.
var errEnd = errors.New("the end")

// errBack goes back to the step before.
var errBack = errors.New("back")

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

// stay is the error of a step, but going back only ends the step.
func stay(err error) error {
	if errors.Is(err, errBack) {
		return nil
	}
	return err
}

// prompter says lines and asks questions.
type prompter struct {
	ctx      context.Context
	lines    chan string // what the person types; closed at the end
	out      io.Writer
	writeErr error
	menu     string // the choices that were said last
}

func newPrompter(ctx context.Context, in io.Reader, out io.Writer) prompter {
	p := prompter{ctx: ctx, out: out, lines: make(chan string)}
	go read(ctx, in, p.lines)
	return p
}

// read reads lines until they end, or until ctx is done.
func read(ctx context.Context, in io.Reader, lines chan<- string) {
	defer close(lines)
	scanner := bufio.NewScanner(in)
	for scanner.Scan() {
		select {
		case lines <- scanner.Text():
		case <-ctx.Done():
			return
		}
	}
}

// say writes a line with a sentence for each part, nothing if all are empty.
func (p *prompter) say(parts ...string) {
	if text := sentences(parts...); text != "" {
		p.write(text + "\n")
	}
}

// quote writes a text that is not ours as it is.
func (p *prompter) quote(text string) { p.write(words.Clean(text) + "\n") }

func (p *prompter) write(text string) {
	if _, err := io.WriteString(p.out, text); p.writeErr == nil {
		p.writeErr = err
	}
}

// sentences makes a sentence of each part that is not empty.
func sentences(parts ...string) string {
	// On screens a dot stands between the parts of a name.
	return strings.ReplaceAll(words.Sentences(parts...), " · ", ", ")
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
	if p.write(question + " "); p.writeErr != nil {
		return "", p.writeErr
	}
	select {
	case line, ok := <-p.lines:
		if ok {
			line, dropped := words.Typed(line)
			if line = strings.TrimSpace(line); dropped != "" {
				p.say(fmt.Sprintf("%s: %q", dropped, line))
			}
			return line, nil
		}
	case <-p.ctx.Done():
	}
	p.write("\n")
	return "", errEnd
}

// askUntil asks until check accepts the answer, or the answer is empty. hint says what
// is expected, empty what an empty line does.
func (p *prompter) askUntil(name, hint, empty string, check func(string) error) (string, error) {
	for {
		answer, err := p.ask(name+", "+hint, empty)
		if err != nil || answer == "" {
			return "", err
		}
		if err = check(answer); err == nil {
			return answer, nil
		}
		p.say(name + ": " + err.Error())
	}
}

const emptyGoesBack = "an empty line goes back"

// askWithPreset is askUntil with an answer that an empty line stands for. The answer
// is empty if the person goes back.
func (p *prompter) askWithPreset(name, hint, preset string, check func(string) error) (string, error) {
	const back = "b"
	answer, err := p.askUntil(name, hint, fmt.Sprintf("press enter for %q, or b to go back", preset), func(answer string) error {
		if strings.EqualFold(answer, back) {
			return nil
		}
		return check(answer)
	})
	if err != nil || strings.EqualFold(answer, back) {
		return "", err
	}
	return cmp.Or(answer, preset), nil
}

// option is an answer to a question.
type option struct {
	key  string
	when bool   // whether the option can be chosen now
	does string // after "Choose. c", e.g. "to challenge"; an empty one is not said
	do   func() error
}

var (
	back = option{"b", true, "to go back", func() error { return errBack }}
	quit = option{"q", true, "to quit", func() error { return errEnd }}
)

// choose asks until one of the options is chosen, or an answer that other takes. first
// is said before the options; both may be left out.
func (p *prompter) choose(options []option, first string, other func(answer string) (do func() error, ok bool)) error {
	var said []string
	if first != "" {
		said = append(said, first)
	}
	for _, o := range options {
		if o.when && o.does != "" {
			said = append(said, o.key+" "+o.does)
		}
	}
	menu := "Choose. " + strings.Join(said, ", ")
	for {
		question := menu
		if p.menu == menu { // said just now
			question = cmp.Or(first, "Choose") + ", or ? to hear the choices"
		}
		p.menu = menu
		answer, err := p.prompt(question)
		if err != nil {
			return err
		}
		switch answer {
		case "":
			p.say("nothing typed")
			continue
		case "?":
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
		p.say(fmt.Sprintf("%q is not one of the choices", answer))
	}
}

// chosen is what the option with a key does. A capital letter may be typed for a
// small one, but not the other way round.
func chosen(options []option, answer string) (do func() error, ok bool) {
	for _, key := range []string{answer, strings.ToLower(answer)} {
		for _, o := range options {
			if o.when && o.key == key {
				return o.do, true
			}
		}
	}
	return nil, false
}

// pageLength is how many entries of a list are read out at a time.
const pageLength = 10

// entries are a list that is read out.
type entries[T any] struct {
	items   []T
	line    func(T) string
	open    func(T) error
	load    func() error // adds items, nil if there are no more
	options []option     // besides the number of an entry
}

// choose reads out a page of the entries and asks what to do.
func (e *entries[T]) choose(p *prompter, from int) error {
	to := min(len(e.items), from+pageLength)
	for i := from; i < to; i++ {
		p.say(strconv.Itoa(i+1) + ": " + e.line(e.items[i]))
	}
	more := option{"m", to < len(e.items) || e.load != nil, "for more", func() error {
		if to == len(e.items) {
			if err := e.load(); err != nil {
				return err
			}
		}
		return e.choose(p, to)
	}}
	first := ""
	if len(e.items) > 0 {
		first = "A number to open one"
	}
	return p.choose(append([]option{more}, e.options...), first, func(answer string) (func() error, bool) {
		n, err := strconv.Atoi(answer)
		if err != nil || n < 1 || n > len(e.items) {
			return nil, false
		}
		return func() error { return e.open(e.items[n-1]) }, true
	})
}
