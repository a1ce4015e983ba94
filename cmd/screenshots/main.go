// Screenshots makes the pictures of the documents: make screenshots.
//
// It builds the real program and runs it in a pseudo-terminal on the local
// engine, once for each picture and each theme, with a home of its own and a
// factor file that is the same every time. It presses keys as a person does,
// waits for what must be on the screen, and writes that screen as an SVG.
//
// Two runs differ in what the program takes from the clock and from chance: the
// times on the screens, the ids of challenges and the codes.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"

	"golang.org/x/sync/errgroup"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "screenshots:", err)
		os.Exit(1)
	}
}

// run makes all pictures.
func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("screenshots", flag.ContinueOnError)
	out := flags.String("out", filepath.Join(".github", "pictures"), "write the pictures to this `FOLDER`")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if err := os.MkdirAll(*out, 0o755); err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "mfa-tui-screenshots")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	binary, err := build(ctx, scratch)
	if err != nil {
		return err
	}
	photographers, ctx := errgroup.WithContext(ctx)
	photographers.SetLimit(4)
	for _, p := range pictures {
		for _, th := range []theme{dark, light} {
			photographers.Go(func() error {
				if err := p.take(ctx, binary, *out, th); err != nil {
					return fmt.Errorf("picture %s, %s: %w", p.name, th.name, err)
				}
				return nil
			})
		}
	}
	return photographers.Wait()
}

// build compiles the program to a folder and returns its path.
func build(ctx context.Context, folder string) (string, error) {
	path := filepath.Join(folder, "mfa-tui")
	if text, err := exec.CommandContext(ctx, "go", "build", "-o", path, "mfa-tui/cmd/mfa-tui").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build mfa-tui: %w: %s", err, text)
	}
	return path, nil
}

// take runs the program as far as the picture and writes it.
func (p picture) take(ctx context.Context, binary, folder string, th theme) error {
	home, err := os.MkdirTemp("", "mfa-tui-home")
	if err != nil {
		return err
	}
	defer os.RemoveAll(home)
	if err := seed(ctx, home); err != nil {
		return fmt.Errorf("seed the factor file: %w", err)
	}
	t, err := start(ctx, binary, home, th.name, p.cols, p.rows)
	if err != nil {
		return err
	}
	defer t.close()
	if err := p.lead(t); err != nil {
		return err
	}
	path := filepath.Join(folder, p.file(th))
	return os.WriteFile(path, t.photograph(th).svg(th, p.title), 0o644)
}

// file is the name of the picture's file in a theme.
func (p picture) file(th theme) string { return p.name + "-" + th.name + ".svg" }
