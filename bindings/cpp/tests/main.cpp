/* Runs all cases of bindings/cases.json, or those named: cases FILE [NAME...]. Prints a line for each that fails, and
 * how many did what. */
#include "harness.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>

int main(int count, char **words)
{
    if (count < 2) return std::cerr << "usage: cases FILE [NAME...]\n", 2;
    std::ifstream file(words[1]);
    const json cases = json::parse(file);
    int passed = 0, failed = 0, skipped = 0;
    for (const json &one : cases) {
        const std::string name = one["name"];
        if (count > 2 && std::find(words + 2, words + count, name) == words + count) continue;
        try {
            const bool is_own = one["do"] == "own";
            const own_case own = is_own ? own_cases().at(name) : own_case{};
            if (!own.reason.empty()) {
                std::cout << "skipped " << name << ": " << own.reason << '\n';
                ++skipped;
                continue;
            }
            forget();
            is_own ? own.run() : run_data(one);
            ++passed;
        } catch (const std::exception &error) {
            std::cout << "FAILED " << name << ": " << error.what() << '\n';
            ++failed;
        } catch (...) {
            std::cout << "FAILED " << name << ": something that is no std::exception\n";
            ++failed;
        }
        forget();
    }
    std::cout << passed << ' ' << failed << ' ' << skipped << '\n';
    return failed != 0;
}
