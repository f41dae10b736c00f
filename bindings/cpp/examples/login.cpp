/*
 * The ten lines: logs in, asks for something, shows what came.
 *
 *     c++ -std=c++17 login.cpp $(pkg-config --cflags --libs crux) -o login && ./login
 */
#include <crux.hpp>
#include <cstdlib>
#include <iostream>

int main()
{
    try {
        crux::client me = crux::login("custom", std::getenv("CRUX_BASE"), std::getenv("CRUX_USER"), std::getenv("CRUX_PASSWORD"));
        for (const crux::response &page : me.call("GET", "things/").pages())
            for (std::size_t i = 0; i < page.json("/results").size(); ++i)
                std::cout << page.json("/results")[i]["name"].as_text() << '\n';
    } catch (const crux::error &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
