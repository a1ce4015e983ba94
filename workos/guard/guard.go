// Package guard keeps a fault in a parser from ending the program: what it reads was
// written by others.
package guard

import "fmt"

// Parse returns what parse makes of input. A panic in parse is an error; the caller
// adds which file it is about, as to any error.
func Parse[In, Out any](parse func(In) (Out, error), input In) (out Out, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("can't be read: mfa-tui has a fault (%v)", fault)
		}
	}()
	return parse(input)
}
