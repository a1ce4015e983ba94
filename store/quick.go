package store

import (
	"bytes"
	"encoding/json"
	"runtime"
	"sync"
	"sync/atomic"
)

// The factors of a file that was written here, one a line, are read by the quick
// reader. Whatever it meets that is not of that form, odd or broken, it leaves to
// encoding/json: it never has another opinion on what a file says, it only comes
// to the same one sooner.

// What encode puts around the factors of the environment, which come last.
const (
	factorsName = "\n\"factors\""
	factorsOpen = ": [\n"
	factorsEnd  = "\n]}}}\n"
)

// parseQuickly reads a file of the form that encode writes. It reports false for
// one that it can't read.
func parseQuickly(data []byte, environment string) (*content, bool) {
	body, ok := bytes.CutSuffix(data, []byte(factorsEnd))
	// Line breaks are in no JSON string, so that these are names in deed; whether
	// of the right things is seen below.
	own := bytes.Index(body, append(appendName([]byte("\n"), environment), "{\n"...))
	name := own + bytes.Index(body[max(0, own):], []byte(factorsName+factorsOpen))
	if !ok || own < 0 || name < own {
		return nil, false
	}
	factors := body[name+len(factorsName+factorsOpen):]
	records, ok := quickRecords(factors)
	if !ok {
		return nil, false
	}
	rest := bytes.Clone(data[:len(data)-len(factorsEnd)-len(factors)-1])
	c, err := parseSlowly(append(rest, factorsEnd...), environment)
	// The list may be that of another environment, or something deep in a factor.
	if err != nil || c.factorsAt != int64(name+len(factorsName)) {
		return nil, false
	}
	c.data, c.records = data, records
	return c, c.reindex()
}

// quickRecords reads records, one a line, on all processors.
func quickRecords(lines []byte) ([]Record, bool) {
	const least = 64 << 10 // bytes that are worth a goroutine
	parts := split(lines, min(runtime.GOMAXPROCS(0), 1+len(lines)/least))
	ends := make([]int, len(parts)+1)
	for i, part := range parts {
		ends[i+1] = ends[i] + bytes.Count(part, []byte("\n")) + 1
	}
	records := make([]Record, ends[len(parts)])
	inLargePages(memoryOf(records))
	var failed atomic.Bool
	var workers sync.WaitGroup
	for i, part := range parts {
		workers.Go(func() {
			if !readLines(records[ends[i]:ends[i+1]], part, i == len(parts)-1) {
				failed.Store(true)
			}
		})
	}
	workers.Wait()
	return records, !failed.Load()
}

// split cuts lines into at most n parts of about the same size, at line breaks.
func split(lines []byte, n int) [][]byte {
	var parts [][]byte
	for size := len(lines) / n; len(parts) < n-1; {
		end := bytes.IndexByte(lines[min(size, len(lines)):], '\n')
		if end < 0 {
			break
		}
		parts = append(parts, lines[:size+end])
		lines = lines[size+end+1:]
	}
	return append(parts, lines)
}

// readLines reads a record from each line. All lines end with a comma, but for
// the last of the list.
func readLines(records []Record, lines []byte, last bool) bool {
	var q quick
	for i := range records {
		line, rest, more := bytes.Cut(lines, []byte("\n"))
		lines = rest
		if more || !last {
			var comma bool
			if line, comma = bytes.CutSuffix(line, []byte(",")); !comma {
				return false
			}
		}
		if !q.read(&records[i], line) {
			return false
		}
	}
	return true
}

// read reads the record that a line is.
func (q *quick) read(r *Record, line []byte) bool {
	if len(line) == 0 || line[0] != '{' || line[len(line)-1] != '}' {
		return false
	}
	if !q.begin(line) || !q.record(r) || !q.atEnd() {
		*r = Record{}
		if json.Unmarshal(line, r) != nil {
			return false
		}
	}
	r.raw = line[:len(line):len(line)]
	return r.ID != ""
}
