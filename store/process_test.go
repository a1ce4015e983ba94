package store

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"mfa-tui/workos"
)

// adderPath in the environment makes the test binary a program that adds factors
// to that file and prints the id of each one after its save has returned.
const adderPath = "STORE_TEST_ADDER_PATH"

// readyPath in the environment makes the test binary a program that prints whether a
// factor can be saved in that file.
const readyPath = "STORE_TEST_READY_PATH"

// claimPath in the environment makes the test binary a program that claims that file,
// says so, and stays.
const claimPath = "STORE_TEST_CLAIM_PATH"

func TestMain(m *testing.M) {
	if path := os.Getenv(claimPath); path != "" {
		_, err := NewFile(path).Claim()
		fmt.Println(err)
		io.Copy(io.Discard, os.Stdin) // until the test ends, too
		return
	}
	if path := os.Getenv(adderPath); path != "" {
		if err := addFactors(path, os.Args[1], os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if path := os.Getenv(readyPath); path != "" {
		s, err := Open(Options{Path: path, Environment: "local"})
		if err == nil {
			err = s.Ready(ctx)
		}
		fmt.Println(err)
		return
	}
	os.Exit(m.Run())
}

func addFactors(path, prefix, count string) error {
	n, err := strconv.Atoi(count)
	if err != nil {
		return err
	}
	s, err := Open(Options{Path: path, Environment: "local"})
	if err != nil {
		return err
	}
	for i := range n {
		id := fmt.Sprintf("auth_factor_%s_%d", prefix, i)
		if _, err := s.Put(ctx, Record{Factor: workos.Factor{ID: id, Type: workos.GenericOTP, CreatedAt: workos.At(start)}}); err != nil {
			return err
		}
		fmt.Println(id)
	}
	return nil
}

// adder is a process that adds factors.
func adder(t *testing.T, path, prefix string, count int) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, prefix, strconv.Itoa(count))
	cmd.Env = append(os.Environ(), adderPath+"="+path)
	return cmd
}

// A file that a process has claimed is nobody else's, however the process ends.
func TestClaim(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "state.json")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), claimPath+"="+path)
	stdin, err1 := cmd.StdinPipe()
	stdout, err2 := cmd.StdoutPipe()
	if err := errors.Join(err1, err2, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	if line, err := bufio.NewReader(stdout).ReadString('\n'); line != "<nil>\n" {
		t.Fatalf("it says %q, %v", line, err)
	}
	file := NewFile(path)
	file.NamedBy("--state")
	want := fmt.Sprintf("%s is in use by another mfa-tui (process %d); end it, or name another file with --state", path, cmd.Process.Pid)
	if _, err := file.Claim(); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	// It is free for a change.
	if err := file.Update(ctx, func([]byte) ([]byte, error) { return []byte("x"), nil }); err != nil {
		t.Error(err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait() // its error is the kill
	for range 2 {
		release, err := file.Claim()
		if err != nil {
			t.Fatal(err)
		}
		release()
	}
}

// missing returns the ids that are not in the store.
func missing(s *Store, ids []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { _, ok := s.Record(id); return ok })
}

// A process is killed at a random moment while it saves, again and again: every
// id that it printed is in the file and in the copy, and no other file stays.
func TestKilledAtAnyMoment(t *testing.T) {
	const most = 200
	kills := 20
	if os.Getenv("LONG_TESTS") != "" {
		kills = most
	}
	const lives = 20 // of one file, so that it stays small and quick
	rnd := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	var path string
	var printed []string
	inSave := 0
	for n := 0; n < kills || inSave == 0 && n < most; n++ {
		if n%lives == 0 {
			path, printed = newPath(t), nil
		}
		printed = append(printed, killedAdder(t, path, n, rnd)...)
		if len(leftovers(path)) > 0 {
			inSave++
		}
		s, err := Open(Options{Path: path, Environment: "local"})
		if err != nil {
			t.Fatalf("after kill %d: %v", n+1, err)
		}
		if lost := missing(s, printed); len(lost) > 0 {
			t.Fatalf("after kill %d: %d of %d factors are lost: %v", n+1, len(lost), len(printed), lost)
		}
		if copied, err := os.ReadFile(path + ".bak"); err == nil {
			c, err := decode(copied, "local")
			if err != nil {
				t.Fatalf("after kill %d the copy is broken: %v", n+1, err)
			}
			for _, id := range printed {
				if _, ok := c.record(id); !ok {
					t.Fatalf("after kill %d the copy has no %s", n+1, id)
				}
			}
		}
		if left := leftovers(path); len(left) > 0 {
			t.Fatalf("after kill %d and a start there are still %v", n+1, left)
		}
	}
	t.Logf("%d kills hit a save between its temporary file and the rename", inSave)
	if inSave == 0 {
		t.Error("no kill hit a save: the test proves nothing")
	}
}

// killedAdder runs an adder until a random moment and returns what it printed.
func killedAdder(t *testing.T, path string, n int, rnd *rand.Rand) []string {
	t.Helper()
	cmd := adder(t, path, strconv.Itoa(n), 1_000_000)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// The moment counts from the first save on, which is after the start-up.
	lines := bufio.NewReader(out)
	first, err := lines.ReadString('\n')
	if err != nil {
		t.Fatalf("the adder ended by itself: %v %s", err, &complaints)
	}
	time.AfterFunc(time.Duration(rnd.Int64N(int64(12*time.Millisecond))), func() { _ = cmd.Process.Kill() })
	rest, err := io.ReadAll(lines)
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil || complaints.Len() > 0 {
		t.Fatalf("the adder was not killed: %v %s", err, &complaints)
	}
	// A line without its end was not printed yet.
	printed := strings.Split(first+string(rest), "\n")
	return printed[:len(printed)-1]
}

// Many windows at once: each waits for the others, and none overwrites another.
func TestManyProcesses(t *testing.T) {
	const processes = 8
	each := 10
	if os.Getenv("LONG_TESTS") != "" {
		each = 100
	}
	path := newPath(t)
	var done sync.WaitGroup
	for p := range processes {
		cmd := adder(t, path, strconv.Itoa(p), each)
		done.Go(func() {
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("process %d: %v\n%s", p, err, out[max(0, len(out)-500):])
			}
		})
	}
	done.Wait()
	if n := len(open(t, path).Records()); n != processes*each {
		t.Errorf("%d factors, want exactly %d", n, processes*each)
	}
	if got := names(t, filepath.Dir(path)); !slices.Equal(got, []string{"factors.json", "factors.json.bak", "factors.json.lock"}) {
		t.Errorf("the folder holds %v", got)
	}
}
