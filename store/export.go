package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"mfa-tui/workos"
	"mfa-tui/workos/guard"
)

// exportVersion is the version of exports.
const exportVersion = 1

// export is the content of an exported file.
type export struct {
	Version     int         `json:"version"`
	Environment string      `json:"environment"`
	ExportedAt  workos.Time `json:"exported_at"`
	Factors     []Record    `json:"factors"`
}

// Export returns the factors as JSON for [Store.Import]. TOTP secrets that are
// still kept are in it only if secrets is true.
func (s *Store) Export(secrets bool, at time.Time) ([]byte, error) {
	records := s.Records()
	e := export{exportVersion, s.environment, workos.At(at), make([]Record, len(records))}
	for i, r := range records {
		if r = r.clone(); !secrets {
			r.eraseSecret()
		}
		e.Factors[i] = r
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(e); err != nil {
		return nil, fmt.Errorf("encode the export: %w", err)
	}
	return b.Bytes(), nil
}

// WriteExport writes an export of all factors beside the factor file, under a
// name with the time, and returns its path. Secrets are not in it.
func (s *Store) WriteExport(at time.Time) (path string, err error) {
	data, err := s.Export(false, at)
	if err != nil {
		return "", err
	}
	return s.file.putAside(".export-"+at.UTC().Format(stampForm), data)
}

// ImportReport is what an import did.
type ImportReport struct {
	Added     int `json:"added"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"`
	// DroppedLabels says why labels were left out.
	DroppedLabels []string `json:"dropped_labels,omitempty"`
	// Rejected says what is wrong with factors; if anything is, nothing was imported.
	Rejected []string `json:"rejected"`
}

// ErrRejected is the error of an import in which something is wrong.
var ErrRejected = errors.New("nothing was imported")

// EnvironmentError is the error of importing an export of another environment than
// the one that is open.
type EnvironmentError struct{ Environment, Open string }

func (e *EnvironmentError) Error() string {
	return fmt.Sprintf("this export belongs to the environment %q, but %q is open", e.Environment, e.Open)
}

// Import adds the factors of an export, or of the bare list that is printed when
// factors could not be saved: all or none. A factor that is on the list already is
// merged: the newer description wins, challenges are joined, the label stays. The
// same import again changes nothing. check, which may be nil, says what else is wrong
// with a factor, or removes a label and says why.
func (s *Store) Import(ctx context.Context, data []byte, check func(*Record) (dropped string, err error)) (ImportReport, error) {
	report := ImportReport{Rejected: []string{}}
	factors, err := guard.Parse(s.readExport, data)
	if err != nil {
		return report, err
	}
	seen := map[string]bool{}
	for i := range factors {
		r, dropped, wrong := &factors[i], "", error(nil)
		if check != nil && r.ID != "" && r.Type != "" {
			dropped, wrong = check(r)
		}
		switch {
		case r.ID == "":
			report.Rejected = append(report.Rejected, fmt.Sprintf("factor %d has no id", i+1))
		case r.Type == "":
			report.Rejected = append(report.Rejected, fmt.Sprintf("factor %d (%s) has no type", i+1, r.ID))
		case seen[r.ID]:
			report.Rejected = append(report.Rejected, fmt.Sprintf("factor %d (%s) appears twice", i+1, r.ID))
		case wrong != nil:
			report.Rejected = append(report.Rejected, fmt.Sprintf("factor %d: %v", i+1, wrong))
		case dropped != "":
			report.DroppedLabels = append(report.DroppedLabels, fmt.Sprintf("factor %d (%s): %s", i+1, r.ID, dropped))
		}
		seen[r.ID] = true
	}
	if len(report.Rejected) > 0 {
		report.DroppedLabels = nil
		return report, ErrRejected
	}
	changes := make([]change, len(factors))
	for i, r := range factors {
		changes[i] = s.importChange(r, &report)
	}
	slices.Reverse(changes) // the newest last, as if they had been added one by one
	if err := s.commit(ctx, changes...); err != nil {
		return ImportReport{Rejected: []string{}}, err
	}
	return report, nil
}

// readExport decodes an export or a bare list.
func (s *Store) readExport(data []byte) ([]Record, error) {
	var e export
	text, err := decodeUTF8(data)
	if err != nil {
		return nil, fmt.Errorf("read the export: %w", err)
	}
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("[")) {
		if err := decodeJSON(text, &e.Factors); err != nil {
			return nil, fmt.Errorf("read the list of factors: %w", err)
		}
		return e.Factors, nil
	}
	if err := decodeJSON(text, &e); err != nil {
		return nil, fmt.Errorf("read the export: %w", err)
	}
	switch {
	case e.Version == 0:
		return nil, errors.New("this is not an export: it has no version")
	case e.Version != exportVersion:
		return nil, fmt.Errorf("this export is of version %d, and this mfa-tui knows version %d", e.Version, exportVersion)
	case e.Environment == "": // a factor file, for example
		return nil, errors.New("this is not an export: it has no environment")
	case EnvironmentName(e.Environment) != s.environment:
		return nil, &EnvironmentError{e.Environment, s.environment}
	}
	return e.Factors, nil
}

// importChange adds or merges a factor and counts it in report.
func (s *Store) importChange(r Record, report *ImportReport) change {
	return change{r.ID, func(old Record, there bool) (Record, bool, error) {
		if !there {
			next := Record{}.put(r)
			next.settle(s.keepSecrets)
			report.Added++
			return next, true, nil
		}
		next := old.join(r)
		next.settle(s.keepSecrets)
		before, err := json.Marshal(old)
		if err != nil {
			return old, true, err
		}
		after, err := json.Marshal(next)
		if err != nil {
			return old, true, err
		}
		if bytes.Equal(before, after) {
			report.Unchanged++
		} else {
			report.Updated++
		}
		return next, true, nil
	}}
}
